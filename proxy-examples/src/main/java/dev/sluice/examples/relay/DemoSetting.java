package dev.sluice.examples.relay;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.Upstream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** What the demo is played in: two HTTP servers, a UDP server, and a relay in front of them, each on a free port. */
final class DemoSetting implements AutoCloseable {
    static final String NORTH = "north";
    static final String SOUTH = "south";

    private final HttpUpstream north = new HttpUpstream(NORTH);
    private final HttpUpstream south = new HttpUpstream(SOUTH);
    private final EchoUpstream echo = new EchoUpstream();
    private final ProxyServer proxy = ProxyServer.start(
            Route.tcp("web").listen("127.0.0.1", 0).to(upstream(NORTH, north), upstream(SOUTH, south)),
            Route.udp("echo").listen("127.0.0.1", 0).to(AddressText.of(echo.address())));

    DemoSetting() throws IOException {}

    private static Upstream upstream(String name, HttpUpstream server) {
        return Upstream.of(AddressText.of(server.address())).id(name);
    }

    ProxyServer proxy() {
        return proxy;
    }

    RunningRoute web() {
        return proxy.route("web");
    }

    RunningRoute echoRoute() {
        return proxy.route("echo");
    }

    List<InetSocketAddress> httpServers() {
        return List.of(north.address(), south.address());
    }

    InetSocketAddress echoServer() {
        return echo.address();
    }

    void stopSouth() {
        south.close();
    }

    /** Stays up, with two HTTP servers again, until the JVM is told to stop. */
    void stay(PrintStream out) throws IOException, InterruptedException {
        try (HttpUpstream again = new HttpUpstream(SOUTH)) {
            proxy.upstreams("web").update(List.of(upstream(NORTH, north), upstream(SOUTH, again)));
            new Drain(proxy, Duration.ofSeconds(1), out).onSignal(() -> {});
            out.println();
            out.println("Still up, and south is back: Ctrl-C ends it. Try, more than once,");
            out.println("  curl http://" + AddressText.of(web().localAddress()) + "/");
            out.flush();
            proxy.awaitTermination();
        }
    }

    @Override
    public void close() {
        proxy.close();
        north.close();
        south.close();
        echo.close();
    }
}
