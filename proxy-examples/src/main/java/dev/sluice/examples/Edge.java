package dev.sluice.examples;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.ProxyServer;
import dev.sluice.Shutdown;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One of many equal edges, as in Kubernetes, set by environment variables: see {@link EdgeSettings}. It answers at
 * {@code /ready} whether it is ready; when it is told to stop it first is not, so that whatever spreads the packets
 * looks elsewhere, and only then drains.
 */
public final class Edge implements AutoCloseable {
    private final ProxyServer proxy;
    private final HttpServer readiness;
    private final CountDownLatch leaving = new CountDownLatch(1);

    private Edge(ProxyServer proxy, HttpServer readiness) {
        this.proxy = proxy;
        this.readiness = readiness;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        EdgeSettings settings = EdgeSettings.of(System.getenv());
        Edge edge = start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> edge.leave(settings.notice(), settings.drain())));
        edge.proxy.awaitTermination();
    }

    public static Edge start(EdgeSettings settings) throws IOException {
        ProxyServer proxy = ProxyServer.start(settings.route());
        try {
            Edge edge = new Edge(proxy, HttpServer.create(new InetSocketAddress(settings.readyPort()), 0));
            edge.readiness.createContext("/ready", exchange -> {
                exchange.sendResponseHeaders(edge.isReady() ? 200 : 503, -1);
                exchange.close();
            });
            edge.readiness.start();
            return edge;
        } catch (IOException e) {
            proxy.close();
            throw e;
        }
    }

    /** Before DNS has answered there is nobody to send a client to. */
    private boolean isReady() {
        return leaving.getCount() > 0 && !proxy.upstreams("edge").list().isEmpty();
    }

    ProxyServer proxy() {
        return proxy;
    }

    int readinessPort() {
        return readiness.getAddress().getPort();
    }

    /** Is not ready from now on, serves new clients until that has been noticed, and then lets the last ones end. */
    public Shutdown leave(Duration notice, Duration drain) {
        leaving.countDown();
        try {
            TimeUnit.NANOSECONDS.sleep(notice.toNanos());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        Shutdown how = proxy.shutdown(drain);
        close();
        return how;
    }

    @Override
    public void close() {
        proxy.close();
        readiness.stop(0);
    }
}
