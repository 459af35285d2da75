package dev.sluice.benchmarks.relay;

import dev.sluice.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port of 127.0.0.1 for a relay that cannot choose one itself. */
public final class FreePort {
    /** Below what systems hand out to sockets that connect, so that nobody takes the port before the relay does. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /** A port that nobody had bound a moment ago. */
    public static int find(Transport transport) throws IOException {
        BindException taken = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try {
                bind(transport, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
                return port;
            } catch (BindException e) {
                taken = e;
            }
        }
        throw new IOException("no free port from " + LOWEST + " to " + HIGHEST, taken);
    }

    private static void bind(Transport transport, InetSocketAddress address) throws IOException {
        switch (transport) {
            case TCP -> {
                try (ServerSocket socket = new ServerSocket()) {
                    socket.bind(address);
                }
            }
            case UDP -> new DatagramSocket(address).close();
        }
    }
}
