package dev.sluice.benchmarks.relay;

import static java.util.Locale.ROOT;

import dev.sluice.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Netty with one event loop, on NIO or on its native epoll; its allocator, buffer sizes and leak detection are at their
 * defaults.
 *
 * <p>TCP is Netty's own proxy example; for UDP it has none, so that a map of sessions is written here.
 * What a datagram has beyond 2,048 bytes is cut off, by Netty's default.
 */
public final class NettyRelay {
    private final NettySockets sockets;
    private final EventLoopGroup loop;
    private final InetSocketAddress upstream;

    private NettyRelay(NettySockets sockets, InetSocketAddress upstream) {
        this.sockets = sockets;
        this.upstream = upstream;
        loop = new MultiThreadIoEventLoopGroup(1, sockets.ioHandler());
    }

    /** First {@code nio} or {@code epoll}, then arguments as {@link RelayProgram} takes them. */
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        NettySockets sockets = NettySockets.valueOf(words.get(0).toUpperCase(ROOT));
        RelayProgram.run(
                words.subList(1, words.size()),
                (transport, upstream) -> new NettyRelay(sockets, upstream).listen(transport));
    }

    private int listen(Transport transport) throws InterruptedException {
        Channel listener = switch (transport) {
            case TCP -> listenTcp();
            case UDP -> listenUdp();
        };
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private Channel listenTcp() throws InterruptedException {
        Bootstrap dial = new Bootstrap()
                .channel(sockets.tcp())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress(upstream);
        return new ServerBootstrap()
                .group(loop)
                .channel(sockets.tcpListener())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel client) {
                        client.pipeline().addLast(new NettyFrontend(dial));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    private Channel listenUdp() throws InterruptedException {
        Bootstrap dial = new Bootstrap().channel(sockets.udp()).remoteAddress(upstream);
        return new Bootstrap()
                .group(loop)
                .channel(sockets.udp())
                .handler(new NettyDatagrams(dial))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }
}
