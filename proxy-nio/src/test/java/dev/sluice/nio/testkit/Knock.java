package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;

/** A connection that may be reset as soon as it is made, which says nothing against it; it only opens a flow. */
public final class Knock implements AutoCloseable {
    private final SocketChannel channel;

    private Knock(SocketChannel channel) {
        this.channel = channel;
    }

    /** Connects, and stays until it is closed. */
    public static Knock at(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.connect(address);
        } catch (SocketException e) {
            channel.close();
            if (!e.getMessage().contains("reset")) {
                throw e;
            }
        }
        return new Knock(channel);
    }

    /** It has been reset, or is now, without a word before. */
    public Knock expectReset() throws IOException {
        if (channel.isOpen()) {
            new TcpPeer(channel.socket()).expectReset();
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
