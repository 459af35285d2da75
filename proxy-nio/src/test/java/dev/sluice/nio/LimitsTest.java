package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Cidr;
import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.Ejection;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.Upstream;
import dev.sluice.UpstreamHealth;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect, and how many connections a server, an upstream and a client may have. */
class LimitsTest {
    private static final int WORKERS = 4;
    private static final String OTHER_CLIENT = "127.0.0.2";

    @RegisterExtension
    final Testbed bed = new Testbed();

    private static TcpRoute.Builder web() {
        return Route.tcp("web").listen("127.0.0.1", 0);
    }

    private TcpPeer served(StartedProxy proxy) throws Exception {
        return bed.connect(proxy).send("in").expect("in");
    }

    private TcpPeer servedFrom(String client, StartedProxy proxy) throws Exception {
        return bed.own(TcpPeer.connectFrom(client, proxy.address())).send("in").expect("in");
    }

    private static void assertRefused(StartedProxy proxy, CloseReason reason) throws Exception {
        int before = (int) proxy.metrics().ended(reason);
        int ends = proxy.log().ended().size();
        Knock.at(proxy.address()).expectReset().close();
        FlowEnd end = proxy.log().awaitEnds(ends + 1).get(ends);
        assertThat(end.reason()).isEqualTo(reason);
        assertThat(end.attempts()).isZero();
        assertThat(proxy.metrics().ended(reason)).isEqualTo(before + 1);
    }

    @Test
    void theServersLimitIsThatOfAllItsRoutesTogether() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                builder -> builder.maxConnections(2),
                web().to(server.hostPort()),
                Route.tcp("other").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer first = served(proxy);
        bed.connect(proxy.server().route("other").localAddress()).send("in").expect("in");

        assertRefused(proxy, CloseReason.LIMIT_SERVER);

        first.endStream().expectEnd();
        proxy.log().awaitEnds(2);
        served(proxy);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, WORKERS})
    void aClientHasNoMoreThanItMayAndOthersHaveTheirs(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                web().maxConnectionsPerClient(2).to(server.hostPort()));
        TcpPeer first = served(proxy);
        served(proxy);

        assertRefused(proxy, CloseReason.LIMIT_CLIENT);
        servedFrom(OTHER_CLIENT, proxy);

        first.reset();
        proxy.log().awaitEnds(2);
        served(proxy);
        assertRefused(proxy, CloseReason.LIMIT_CLIENT);
    }

    /** Those from before the limit have no place to give back. */
    @Test
    void aClientsLimitHoldsForFlowsThatComeAfterItWasSet() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        TcpRoute route = web().to(server.hostPort());
        StartedProxy proxy = bed.start(route);
        TcpPeer before = served(proxy);

        proxy.server().replace(route.toBuilder().maxConnectionsPerClient(1).to(route.upstreams()));
        served(proxy);
        assertRefused(proxy, CloseReason.LIMIT_CLIENT);
        before.endStream().expectEnd();
        proxy.log().awaitEnds(2);

        assertRefused(proxy, CloseReason.LIMIT_CLIENT);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.0/8, 127.0.0.1", "127.0.0.2, ::1", "10.0.0.0/8, ::/0"})
    void whoIsNotAllowedOrIsDeniedIsResetBeforeAnythingIsDialled(String allowed, String denied) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy =
                bed.start(web().allow(Cidr.of(allowed)).deny(Cidr.of(denied)).to(server.hostPort()));

        assertRefused(proxy, CloseReason.DENIED);

        assertThat(server.accepted()).isZero();
    }

    @Test
    void whoIsAllowedIsServedBesideThoseWhoAreNot() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(web().allow(Cidr.of("10.0.0.0/8"), Cidr.of(OTHER_CLIENT))
                .maxConnections(1)
                .to(server.hostPort()));

        assertRefused(proxy, CloseReason.DENIED);

        servedFrom(OTHER_CLIENT, proxy);
    }

    @Test
    void anUpstreamAtItsLimitIsPassedOver() throws Exception {
        Upstream small = bed.named("small").maxConnections(1);
        Upstream large = bed.named("large");
        StartedProxy proxy =
                bed.start(web().to(Upstreams.of(List.of(small, large)).select(UpstreamSelector.failover())));

        TcpPeer first = bed.connect(proxy).expect("small");
        bed.connect(proxy).expect("large");
        bed.connect(proxy).expect("large");
        first.reset();
        proxy.log().awaitEnds(1);
        bed.connect(proxy).expect("small");
    }

    @Test
    void whereAllUpstreamsAreAtTheirLimitTheFlowIsRefused() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(web().to(Upstream.of(server.hostPort()).maxConnections(1)));
        TcpPeer first = served(proxy);

        assertRefused(proxy, CloseReason.LIMIT_UPSTREAM);

        first.reset();
        proxy.log().awaitEnds(2);
        served(proxy);
    }

    @Test
    void aSelectorThatNamesAnUpstreamAtItsLimitHasTheFlowRefused() throws Exception {
        Upstream small = bed.named("small").maxConnections(1);
        Upstream large = bed.named("large");
        AtomicInteger asked = new AtomicInteger();
        StartedProxy proxy =
                bed.start(web().to(Upstreams.of(List.of(small, large)).select((candidates, flow) -> {
                    asked.incrementAndGet();
                    return 0;
                })));
        bed.connect(proxy).expect("small");

        assertRefused(proxy, CloseReason.LIMIT_UPSTREAM);
        assertThat(asked).as("once for the first, and eight times").hasValue(9);
    }

    @Test
    void aFullUpstreamIsNoReasonToTryOneThatIsOut() throws Exception {
        Upstream small = bed.named("small").maxConnections(1);
        Upstream dead = Upstream.of(bed.own(ClosedPort.open(Family.IPV4)).hostPort());
        StartedProxy proxy = bed.start(web().to(Upstreams.of(List.of(small, dead))
                .eject(Ejection.after(1).times(Duration.ofHours(1), Duration.ofHours(1)))));
        bed.connect(proxy).expect("small").reset();
        proxy.log().awaitEnds(1);
        bed.connect(proxy).expect("small");
        assertThat(proxy.upstream(1).health()).isEqualTo(UpstreamHealth.EJECTED);

        assertRefused(proxy, CloseReason.LIMIT_UPSTREAM);
        assertThat(proxy.upstream(1).dialFailures(DialFailure.REFUSED)).isOne();
    }

    @Test
    void aDialThatFailsGivesItsPlaceAtTheUpstreamBack() throws Exception {
        ClosedPort nobody = bed.own(ClosedPort.open(Family.IPV4));
        StartedProxy proxy = bed.start(
                web().to(Upstreams.of(List.of(Upstream.of(nobody.hostPort()).maxConnections(1)))
                        .eject(Ejection.off())));

        for (int i = 1; i <= 5; i++) {
            Knock.at(proxy.address()).expectReset().close();
            proxy.log().awaitEnds(i);
        }

        assertThat(proxy.log().ended()).extracting(FlowEnd::reason).containsOnly(CloseReason.CONNECT_REFUSED);
    }

    @Test
    void anUpstreamsLimitIsExactOverAllWorkers() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                builder -> builder.workers(WORKERS),
                web().to(Upstream.of(server.hostPort()).maxConnections(10)));

        List<Future<Knock>> crowd = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            crowd.add(bed.fork(() -> bed.own(Knock.at(proxy.address()))));
        }
        for (Future<Knock> each : crowd) {
            Await.result(each);
        }

        proxy.log().awaitEnds(90);
        Await.until("the others are served", () -> server.accepted() == 10);
        assertThat(proxy.metrics().ended(CloseReason.LIMIT_UPSTREAM)).isEqualTo(90);
        assertThat(proxy.metrics().active()).isEqualTo(10);
    }

    @Test
    void connectionsBeyondTheRateWaitAndAreServedInTheEnd() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(web().acceptRate(20).to(server.hostPort()));
        long begun = System.nanoTime();

        for (int i = 0; i < 12; i++) {
            served(proxy);
        }

        // Two are accepted at once, the others 50 ms after each other.
        assertThat(System.nanoTime() - begun).isGreaterThan(450_000_000);
        assertThat(proxy.metrics().acceptRateWaits()).isPositive();
        assertThat(proxy.metrics().acceptPauses()).isZero();
    }
}
