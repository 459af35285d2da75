package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server at an address that the test picks, which says one word to each client. */
public final class Greeter implements AutoCloseable {
    private final ServerSocket listener;
    private final String word;

    private Greeter(ServerSocket listener, String word) {
        this.listener = listener;
        this.word = word;
    }

    public static Greeter open(InetSocketAddress address, String word) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(address);
        Greeter greeter = new Greeter(listener, word);
        Thread thread = new Thread(greeter::serve, "greeter-" + word);
        thread.setDaemon(true);
        thread.start();
        return greeter;
    }

    private void serve() {
        try {
            while (true) {
                greet(listener.accept());
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new AssertionError("a server failed", e);
            }
        }
    }

    private void greet(Socket client) throws IOException {
        try (client) {
            client.getOutputStream().write(word.getBytes(StandardCharsets.UTF_8));
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
