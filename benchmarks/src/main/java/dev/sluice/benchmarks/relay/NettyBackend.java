package dev.sluice.benchmarks.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The upstream's side of a connection: reads on when the client has taken what was read. */
final class NettyBackend extends ChannelInboundHandlerAdapter {
    private final Channel client;
    private NettyForward toClient;

    NettyBackend(Channel client) {
        this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        toClient = new NettyForward(context.channel(), client);
        if (client.isActive()) {
            context.read();
        } else {
            NettyForward.closeOnFlush(context.channel());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        toClient.forward(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        NettyForward.closeOnFlush(client);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        NettyForward.closeOnFlush(context.channel());
    }
}
