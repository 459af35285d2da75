package dev.sluice.examples;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.HealthCheck;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Shutdown;
import dev.sluice.UpstreamSelector;
import dev.sluice.UpstreamSource;
import dev.sluice.Upstreams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One of many equal edges, as in Kubernetes: {@code Edge 8080 web.shop.svc.cluster.local 80}. It answers on port 8081
 * whether it is ready; when it is told to stop it first is not, so that whatever spreads the packets looks elsewhere,
 * and only then drains.
 */
public final class Edge implements AutoCloseable {
    private static final int READINESS_PORT = 8081;
    private static final Duration NOTICE = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final ProxyServer proxy;
    private final HttpServer readiness;
    private final CountDownLatch leaving = new CountDownLatch(1);

    private Edge(ProxyServer proxy, HttpServer readiness) {
        this.proxy = proxy;
        this.readiness = readiness;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Upstreams group = Upstreams.from(UpstreamSource.dns(args[1], Integer.parseInt(args[2]), Duration.ofSeconds(5)))
                .select(UpstreamSelector.maglev())
                .check(HealthCheck.connect());
        Edge edge = start(Route.tcp("edge").listen(Integer.parseInt(args[0])).to(group), READINESS_PORT);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> edge.leave(NOTICE, DRAIN)));
        edge.proxy.awaitTermination();
    }

    static Edge start(Route route, int readinessPort) throws IOException {
        ProxyServer proxy = ProxyServer.start(route);
        try {
            Edge edge = new Edge(proxy, HttpServer.create(new InetSocketAddress(readinessPort), 0));
            edge.readiness.createContext("/ready", exchange -> {
                exchange.sendResponseHeaders(edge.leaving.getCount() > 0 ? 200 : 503, -1);
                exchange.close();
            });
            edge.readiness.start();
            return edge;
        } catch (IOException e) {
            proxy.close();
            throw e;
        }
    }

    ProxyServer proxy() {
        return proxy;
    }

    int readinessPort() {
        return readiness.getAddress().getPort();
    }

    /** Is not ready from now on, serves new clients until that has been noticed, and then lets the last ones end. */
    Shutdown leave(Duration notice, Duration drain) {
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
