package dev.sluice.examples.relay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server of the demo, which answers everything with its name. */
final class HttpUpstream implements AutoCloseable {
    private static final int THREADS = 4;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;
    private final byte[] answer;

    HttpUpstream(String name) throws IOException {
        // Else the server sends an answer in two parts, the second of which may wait for the first to be acknowledged.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        answer = (name + "\n").getBytes(StandardCharsets.US_ASCII);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, answer.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(answer);
        }
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    /** Ends it at once: what it listened on refuses. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
