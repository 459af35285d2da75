package dev.sluice.nio.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/**
 * One address of this host for all.
 *
 * <p>Thread: any.
 *
 * @param options those of the kernel; null where it has none of these
 */
record FixedSource(InetAddress own, KernelOptions options) implements Source {
    @Override
    public InetAddress address(InetSocketAddress client) {
        return own;
    }

    @Override
    public boolean isClients() {
        return false;
    }

    @Override
    public void bind(SocketChannel channel, InetSocketAddress client) throws IOException {
        if (options != null) {
            options.portAtConnect(channel, own);
        }
        channel.bind(new InetSocketAddress(own, 0));
    }

    @Override
    public void bind(DatagramChannel channel, InetSocketAddress client, InetSocketAddress upstream) throws IOException {
        channel.bind(new InetSocketAddress(own, 0));
    }

    @Override
    public void closed(DatagramChannel channel) {}

    @Override
    public void allowForeign(DatagramChannel channel, InetAddress address) {}

    @Override
    public boolean keepsPort() {
        return false;
    }

    @Override
    public Source withAnotherPort() {
        return null;
    }
}
