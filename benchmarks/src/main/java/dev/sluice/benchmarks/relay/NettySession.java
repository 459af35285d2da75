package dev.sluice.benchmarks.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;

/** One client's datagrams, to the upstream and back. */
final class NettySession extends ChannelInboundHandlerAdapter {
    private final Channel listener;
    private final InetSocketAddress client;
    private ChannelFuture dialled;
    /** Since the last look at it: spares a reading of the clock for each datagram. */
    private boolean used;

    private NettySession(Channel listener, InetSocketAddress client) {
        this.listener = listener;
        this.client = client;
    }

    static NettySession open(Bootstrap dial, Channel listener, InetSocketAddress client) {
        NettySession session = new NettySession(listener, client);
        session.dialled = dial.clone(listener.eventLoop()).handler(session).connect();
        return session;
    }

    void onClose(Runnable closed) {
        dialled.channel().closeFuture().addListener(done -> closed.run());
    }

    void send(ByteBuf bytes) {
        used = true;
        if (dialled.isDone()) {
            sendNow(bytes);
        } else {
            dialled.addListener(done -> sendNow(bytes));
        }
    }

    void closeIfIdle() {
        if (!used) {
            dialled.channel().close();
        }
        used = false;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        used = true;
        ByteBuf bytes = ((DatagramPacket) message).content();
        if (listener.isWritable()) {
            listener.write(new DatagramPacket(bytes, client), listener.voidPromise());
        } else {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        listener.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void sendNow(ByteBuf bytes) {
        Channel upstream = dialled.channel();
        if (upstream.isWritable()) {
            upstream.writeAndFlush(bytes, upstream.voidPromise());
        } else {
            bytes.release();
        }
    }
}
