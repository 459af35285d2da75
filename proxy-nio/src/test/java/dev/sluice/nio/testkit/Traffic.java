package dev.sluice.nio.testkit;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/**
 * A program with flows of all kinds, those that go wrong too: relayed, refused, reset, idle, unreachable, unresolved.
 * Its argument says how many of each.
 */
public final class Traffic {
    /** What it relays. */
    public static final String SECRET = "a payload that nobody is to read";

    private static final Duration SHORT = Duration.ofMillis(50);

    private Traffic() {}

    public static void main(String[] args) throws Exception {
        int flows = Integer.parseInt(args[0]);
        try (ServerSocket server = new ServerSocket(0, 50, Family.IPV4.address());
                UdpServer udp = UdpServer.echo(Family.IPV4);
                ProxyServer proxy = started(server.getLocalPort(), udp)) {
            for (int i = 0; i < flows; i++) {
                relay(proxy, server);
                exchange(proxy);
                fail(proxy);
            }
            Await.until("all have ended", () -> proxy.metrics().active() == 0);
            proxy.shutdown(Duration.ofSeconds(10));
        }
        System.out.println("done");
    }

    private static ProxyServer started(int tcp, UdpServer udp) throws IOException {
        return ProxyServer.builder()
                .workers(2)
                .start(
                        Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:" + tcp),
                        Route.tcp("refused")
                                .listen("127.0.0.1", 0)
                                .to("127.0.0.1:" + FreeAddress.tcp().getPort()),
                        Route.tcp("unresolved").listen("127.0.0.1", 0).to("no-such-host.invalid:80"),
                        Udp.route("dns").idleTimeout(SHORT).to(udp.hostPort()),
                        Udp.route("dead")
                                .idleTimeout(SHORT)
                                .to("127.0.0.1:" + FreeAddress.udp().getPort()));
    }

    private static InetSocketAddress address(ProxyServer proxy, String route) {
        return proxy.route(route).localAddress();
    }

    private static void relay(ProxyServer proxy, ServerSocket server) throws IOException {
        try (TcpPeer client = TcpPeer.connect(address(proxy, "web"));
                Socket upstream = server.accept()) {
            client.send(SECRET);
            upstream.getInputStream().readNBytes(SECRET.length());
            if (client.socket().getLocalPort() % 2 == 0) {
                client.reset();
            }
        }
    }

    private static void exchange(ProxyServer proxy) throws IOException {
        try (UdpPeer client = UdpPeer.open(Family.IPV4)) {
            client.exchange(address(proxy, "dns"), SECRET);
            client.send(address(proxy, "dead"), SECRET);
        }
    }

    private static void fail(ProxyServer proxy) throws IOException {
        for (String route : List.of("refused", "unresolved")) {
            try (Socket client = new Socket()) {
                client.connect(address(proxy, route));
            }
        }
    }
}
