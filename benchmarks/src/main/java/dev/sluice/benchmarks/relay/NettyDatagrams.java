package dev.sluice.benchmarks.relay;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The listener for datagrams: a session, with a channel of its own to the upstream, for each client address. */
final class NettyDatagrams extends ChannelInboundHandlerAdapter {
    private static final long IDLE_SECONDS = 60;

    private final Bootstrap dial;
    private final Map<InetSocketAddress, NettySession> sessions = new HashMap<>();

    NettyDatagrams(Bootstrap dial) {
        this.dial = dial;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.executor().scheduleAtFixedRate(this::closeIdle, IDLE_SECONDS, IDLE_SECONDS, SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket datagram = (DatagramPacket) message;
        NettySession session = sessions.get(datagram.sender());
        if (session == null) {
            session = open(context.channel(), datagram.sender());
        }
        session.send(datagram.content());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // One datagram that failed is no reason to stop listening.
    }

    private NettySession open(Channel listener, InetSocketAddress client) {
        NettySession session = NettySession.open(dial, listener, client);
        sessions.put(client, session);
        session.onClose(() -> sessions.remove(client));
        return session;
    }

    private void closeIdle() {
        // A copy, as closing removes from the map.
        List.copyOf(sessions.values()).forEach(NettySession::closeIfIdle);
    }
}
