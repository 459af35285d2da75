package dev.sluice.nio.socket;

import dev.sluice.PortTaken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/**
 * The address of each client, with its port or another.
 *
 * <p>Thread: any.
 */
record ClientSource(KernelOptions options, SharedPorts ports, boolean keepsPort, PortTaken portTaken)
        implements Source {
    @Override
    public InetAddress address(InetSocketAddress client) {
        return client.getAddress();
    }

    @Override
    public boolean isClients() {
        return true;
    }

    @Override
    public void bind(SocketChannel channel, InetSocketAddress client) throws IOException {
        options.transparent(channel, client.getAddress());
        if (keepsPort) {
            // Else an earlier connection of the client's, whose end has not been forgotten, would have the port for a
            // minute; that the four-tuple is free is seen to when it connects.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(client);
        } else {
            options.portAtConnect(channel, client.getAddress());
            channel.bind(new InetSocketAddress(client.getAddress(), 0));
        }
    }

    @Override
    public void bind(DatagramChannel channel, InetSocketAddress client, InetSocketAddress upstream) throws IOException {
        options.transparent(channel, client.getAddress());
        if (keepsPort) {
            ports.take(channel, client, upstream);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(client);
        } else {
            channel.bind(new InetSocketAddress(client.getAddress(), 0));
        }
    }

    @Override
    public void closed(DatagramChannel channel) {
        ports.release(channel);
    }

    @Override
    public void allowForeign(DatagramChannel channel, InetAddress address) throws IOException {
        options.transparent(channel, address);
    }

    @Override
    public Source withAnotherPort() {
        return portTaken == PortTaken.ANOTHER ? new ClientSource(options, ports, false, portTaken) : null;
    }
}
