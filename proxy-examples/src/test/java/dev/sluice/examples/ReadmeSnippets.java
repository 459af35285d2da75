package dev.sluice.examples;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.sluice.*;
import dev.sluice.Cidr;
import dev.sluice.HealthCheck;
import dev.sluice.Leaving;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AutoClose;

/** What the README shows besides {@link Balancer}, here to be compiled: see {@link ReadmeTest}. */
final class ReadmeSnippets {

    /** Never made: opening its proxy is not what is shown. */
    static final class InATest {
        @AutoClose
        ProxyServer proxy =
                ProxyServer.start(Route.tcp("db").listen("localhost", 0).to("localhost:5432"));
    }

    private ReadmeSnippets() {}

    static void routes() {
        Route.tcp("pg")
                .listen("127.0.0.1", 5432)
                .connectTimeout(ofSeconds(1)) // one attempt
                .connectAttempts(3, ofSeconds(10)) // distinct upstreams, and all attempts together
                .idleTimeout(ofHours(2))
                .maxConnections(500)
                .to("pg-1.internal:5432", "pg-2.internal:5432");
        Route.udp("dns").listen("127.0.0.1", 53).requests(1).responses(1).to("9.9.9.9:53");
    }

    static void ejection() {
        Upstreams.of("10.0.0.5:80", "10.0.0.6:80")
                .eject(Ejection.after(5).times(ofSeconds(1), ofMinutes(1))); // or off()
    }

    static void checks() {
        Upstreams.of("10.0.0.5:80", "10.0.0.6:80").check(HealthCheck.connect());
        Upstreams.of("10.0.0.5:6379")
                .check(HealthCheck.exchange("PING\r\n", "+PONG")
                        .interval(ofSeconds(1))
                        .fall(2));
        Upstreams.of("10.0.0.5:514").check(HealthCheck.datagram("ping", "").leaving(Leaving.drain(ofSeconds(30))));
        Upstreams.of("10.0.0.5:80").slowStart(ofSeconds(30)).panicBelow(0.5);
    }

    static void limits() {
        Route.tcp("web")
                .listen(8080)
                .allow(Cidr.of("10.0.0.0/8"), Cidr.of("2001:db8::/32"))
                .deny(Cidr.of("10.66.0.0/16"))
                .maxConnections(10_000)
                .maxConnectionsPerClient(50)
                .acceptRate(500)
                .to(
                        Upstream.of("10.0.0.5:80").maxConnections(200),
                        Upstream.of("10.0.0.6:80").maxConnections(400));
    }

    static void headers() {
        Route.tcp("web")
                .listen(8080)
                .expectProxyProtocol(Cidr.of("10.0.0.0/8"))
                .sendProxyProtocol(ProxyProtocol.V2, Tlv.of(Tlv.AUTHORITY, "www.example"), Tlv.crc32c())
                .to("10.1.0.5:80", "10.1.0.6:80");
        Route.udp("dns").listen(53).sendProxyProtocol(true).to("10.1.0.5:53");
    }

    static void sources() {
        Route.tcp("mail").listen(25).source(SourceAddress.client()).to("10.1.0.5:25");
        Route.udp("sip")
                .listen("10.0.0.1", 5060)
                .source(SourceAddress.clientWithPort(PortTaken.ANOTHER))
                .to("10.1.0.5:5060");
        Route.tcp("all").listen(8001).intercept().source(SourceAddress.client()).toOriginalDestination();
    }

    static void fromOutside() {
        Route.tcp("web").listen(8080).to(Upstreams.from(UpstreamSource.dns("web.internal", 80, ofSeconds(5))));
    }

    static UpstreamSelector selectors() {
        Upstreams.of("10.0.0.5:80", "10.0.0.6:80").select(UpstreamSelector.leastConnections());

        Upstreams.of(List.of(
                Upstream.of("10.0.0.5:80").weight(70),
                Upstream.of("10.0.0.6:80").weight(30)));
        Upstreams.of(List.of(Upstream.of("db-1:5432"), Upstream.of("db-2:5432").priority(1)))
                .select(UpstreamSelector.failover());

        UpstreamSelector byOffice = (candidates, flow) -> candidates.first(upstream ->
                upstream.id().startsWith("eu") == isOurs(flow.client().getAddress()));
        return byOffice;
    }

    private static boolean isOurs(InetAddress client) {
        return client.isSiteLocalAddress();
    }

    static void whileItRuns(ProxyServer proxy) {
        proxy.add(Route.tcp("admin").listen(9000).to("10.0.0.7:9000"));
        Route web = proxy.route("web").definition();
        proxy.replace(web.toBuilder().idleTimeout(ofMinutes(1)).to(web.upstreams())); // keeps the socket
        proxy.remove("admin", Leaving.drain(ofSeconds(30)));

        LiveUpstreams group = proxy.upstreams("web"); // a group has its route's name
        group.update(List.of(Upstream.of("10.0.0.5:80")), Leaving.spread(ofMinutes(1)));

        look(proxy, group);
    }

    private static long look(ProxyServer proxy, LiveUpstreams group) {
        RunningRoute route = proxy.route("web");
        long timeouts = route.metrics().ended(CloseReason.CONNECT_TIMEOUT);
        route.flows().stream().filter(flow -> flow.age().toHours() >= 1).forEach(Flow::close);
        for (UpstreamMetrics each : group.list()) {
            System.out.println(each); // 10.0.0.5:80: opened 12, active 3, bytes to upstream 4711, …
        }
        return timeouts;
    }

    static void serverWide(Route... routes) {
        ProxyListener accessLog = new ProxyListener() {
            @Override
            public void flowEnded(FlowEnd end) {
                // TCP web 127.0.0.1:40312 -> 127.0.0.1:8080 -> 10.0.0.5:80: DONE after 12 ms, …
                System.out.println(end);
            }
        };
        NameResolver hosts = name -> name.equals("db")
                ? List.of(InetAddress.getByName("10.0.0.7"))
                : NameResolver.system().resolve(name);
        ProxyServer proxy = ProxyServer.builder()
                .workers(2)
                .listener(accessLog)
                .resolver(hosts)
                .start(routes);

        Runtime.getRuntime().addShutdownHook(new Thread(() -> proxy.shutdown(ofSeconds(20)))); // DRAINED or FORCED
    }
}
