package dev.sluice.benchmarks.startup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** What one writes by hand: a relay of one connection with a thread for each direction. */
final class BlockingRelay implements AutoCloseable {
    private final ServerSocket listener;

    private BlockingRelay(ServerSocket listener) {
        this.listener = listener;
    }

    static BlockingRelay start(InetSocketAddress upstream) throws IOException {
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        fork(() -> relay(listener, upstream));
        return new BlockingRelay(listener);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void relay(ServerSocket listener, InetSocketAddress upstream) throws IOException {
        try (Socket client = listener.accept();
                Socket server = new Socket(upstream.getAddress(), upstream.getPort())) {
            fork(() -> copy(server, client));
            copy(client, server);
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
    }

    private interface Body {
        void run() throws IOException;
    }

    private static void fork(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException closed) {
                // The end of a round.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
