package dev.sluice.benchmarks.relay;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.ReferenceCountUtil;

/** One direction of a connection. */
final class NettyForward {
    private final Channel to;
    /** One for all writes; the next read waits for the write before it, which is the backpressure. */
    private final ChannelFutureListener readOn;

    NettyForward(Channel from, Channel to) {
        this.to = to;
        readOn = written -> {
            if (written.isSuccess()) {
                from.read();
            } else {
                written.channel().close();
            }
        };
    }

    void forward(Object bytes) {
        if (to.isActive()) {
            to.writeAndFlush(bytes).addListener(readOn);
        } else {
            ReferenceCountUtil.release(bytes);
        }
    }

    void end() {
        closeOnFlush(to);
    }

    /** Closes the channel after what is still on its way out. */
    static void closeOnFlush(Channel channel) {
        if (channel.isActive()) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
