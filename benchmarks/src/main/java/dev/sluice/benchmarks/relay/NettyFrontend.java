package dev.sluice.benchmarks.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The client's side of a connection: dials, then reads on when the upstream has taken what was read. */
final class NettyFrontend extends ChannelInboundHandlerAdapter {
    private final Bootstrap dial;
    private NettyForward toUpstream;

    NettyFrontend(Bootstrap dial) {
        this.dial = dial;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel client = context.channel();
        ChannelFuture dialled =
                dial.clone(client.eventLoop()).handler(new NettyBackend(client)).connect();
        toUpstream = new NettyForward(client, dialled.channel());
        dialled.addListener(connected -> {
            if (connected.isSuccess()) {
                client.read();
            } else {
                client.close();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        toUpstream.forward(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (toUpstream != null) {
            toUpstream.end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        NettyForward.closeOnFlush(context.channel());
    }
}
