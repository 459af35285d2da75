package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Addresses on IPv4 loopback that nobody has, as far as this host can tell. Their ports are below the ephemeral ones:
 * nobody who asks for any port is given one of them.
 */
public final class FreeAddress {
    private static final int LOWEST_PORT = 20_000;
    private static final int BEHIND_HIGHEST_PORT = 32_000;

    private FreeAddress() {}

    private interface Trial {
        void bind(InetSocketAddress address) throws IOException;
    }

    public static InetSocketAddress tcp() throws IOException {
        return free(address -> {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(address);
            }
        });
    }

    public static InetSocketAddress udp() throws IOException {
        return free(address -> new DatagramSocket(address).close());
    }

    private static InetSocketAddress free(Trial trial) throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, BEHIND_HIGHEST_PORT);
            InetSocketAddress address = Family.IPV4.socketAddress(port);
            try {
                trial.bind(address);
                return address;
            } catch (BindException taken) {
                continue;
            }
        }
    }
}
