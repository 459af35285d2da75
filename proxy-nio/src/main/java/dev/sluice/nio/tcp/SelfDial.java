package dev.sluice.nio.tcp;

import dev.sluice.nio.socket.LocalAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * Tells a dial that leads back to where it comes from.
 *
 * <p>Thread: worker.
 */
final class SelfDial {
    private SelfDial() {}

    /** The connection was not diverted: to dial where it was meant to go would lead here again. */
    static boolean isMeantForListener(Connection connection) {
        InetSocketAddress meant = connection.info().local();
        // The port first: to look through the host's addresses takes system calls.
        return meant.getPort() == connection.listener().address().getPort()
                && LocalAddresses.contains(meant.getAddress());
    }

    /** A dial of a dead port of this host may get the same port for its own end and find itself. */
    static boolean isSelfConnected(SocketChannel channel) throws IOException {
        return channel.getLocalAddress().equals(channel.getRemoteAddress());
    }
}
