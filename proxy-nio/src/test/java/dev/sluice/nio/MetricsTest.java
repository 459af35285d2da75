package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.FlowEnd;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.ServerMetrics;
import dev.sluice.UpstreamMetrics;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.DeafServer;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted, to the byte. */
class MetricsTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    /** An upstream that refuses. */
    private String refusing() throws IOException {
        return bed.own(ClosedPort.open(Family.IPV4)).hostPort();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bytesOfConnectionsAreExactForRouteUpstreamServerAndFlow(int workers) throws Exception {
        TcpServer server = bed.server(client -> {
            Payload received = Payload.receive(client.in(), Long.MAX_VALUE);
            Payload.send(client.out(), 2 * received.bytes(), 7);
        });
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        long up = 0;
        for (int i = 0; i < 8; i++) {
            long bytes = 1 + i * 100_003L;
            up += bytes;
            TcpPeer client = bed.connect(proxy);
            Future<Payload> answer = bed.fork(() -> Payload.receive(client.in(), Long.MAX_VALUE));
            Payload.send(client.out(), bytes, i);
            client.endStream();
            assertThat(Await.result(answer).bytes()).isEqualTo(2 * bytes);
        }
        List<FlowEnd> ends = proxy.log().awaitEnds(8);

        RouteMetrics route = proxy.metrics();
        ServerMetrics all = proxy.server().metrics();
        UpstreamMetrics upstream = proxy.upstream(0);
        assertThat(List.of(route.bytesToUpstream(), all.bytesToUpstream(), upstream.bytesToUpstream()))
                .containsOnly(up);
        assertThat(List.of(route.bytesToClient(), all.bytesToClient(), upstream.bytesToClient()))
                .containsOnly(2 * up);
        assertThat(ends).extracting(FlowEnd::bytesToClient).allMatch(bytes -> bytes % 2 == 0);
        assertThat(List.of(route.opened(), all.opened(), upstream.opened())).containsOnly(8L);
        assertThat(List.of(route.active(), all.active(), upstream.active())).containsOnly(0L);
        assertThat(route.ended(CloseReason.DONE)).isEqualTo(8);
        assertThat(route.datagramsToUpstream() + route.datagramsToClient()).isZero();
        assertThat(route.receiveBuffer()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void datagramsAndTheirBytesAreExactForRouteUpstreamServerAndFlow(int workers) throws Exception {
        UdpServer server = udp.named("re: ");
        StartedProxy proxy =
                udp.start(builder -> builder.workers(workers), Udp.route().to(server.hostPort()));
        for (int i = 0; i < 5; i++) {
            UdpPeer client = udp.peer();
            for (int j = 0; j < 4; j++) {
                client.send(proxy.address(), "0123456789").expect("re: 0123456789");
            }
        }
        Await.until("all are counted", () -> proxy.metrics().datagramsToClient() == 20);

        RouteMetrics route = proxy.metrics();
        ServerMetrics all = proxy.server().metrics();
        UpstreamMetrics upstream = proxy.upstream(0);
        assertThat(List.of(route.bytesToUpstream(), all.bytesToUpstream(), upstream.bytesToUpstream()))
                .containsOnly(200L);
        assertThat(List.of(route.bytesToClient(), all.bytesToClient(), upstream.bytesToClient()))
                .containsOnly(280L);
        assertThat(List.of(route.datagramsToUpstream(), all.datagramsToUpstream(), upstream.datagramsToUpstream()))
                .containsOnly(20L);
        assertThat(List.of(route.datagramsToClient(), all.datagramsToClient(), upstream.datagramsToClient()))
                .containsOnly(20L);
        assertThat(List.of(route.opened(), all.opened(), upstream.opened())).containsOnly(5L);
        assertThat(List.of(route.active(), all.active(), upstream.active())).containsOnly(5L);
        assertThat(proxy.route().flows()).allMatch(flow -> flow.bytesToUpstream() == 40 && flow.bytesToClient() == 56);
    }

    @Test
    void eachRouteAndUpstreamCountsItsOwn() throws Exception {
        UdpServer one = udp.echo();
        UdpServer two = udp.echo();
        StartedProxy proxy = udp.start(
                Udp.route("a").to(one.hostPort(), two.hostPort()),
                Udp.route("b").to(one.hostPort()));
        InetSocketAddress b = proxy.server().route("b").localAddress();

        udp.peer().exchange(proxy.address(), "1");
        udp.peer().exchange(proxy.address(), "22");
        udp.peer().exchange(b, "333");

        assertThat(proxy.metrics().bytesToUpstream()).isEqualTo(3);
        assertThat(proxy.server().route("b").metrics().bytesToUpstream()).isEqualTo(3);
        assertThat(proxy.upstream(0).bytesToUpstream()).isEqualTo(1);
        assertThat(proxy.upstream(1).bytesToUpstream()).isEqualTo(2);
        assertThat(proxy.server().upstreams("b").list().get(0).bytesToUpstream())
                .as("another group's upstream, though at the same address")
                .isEqualTo(3);
        assertThat(proxy.server().metrics().bytesToUpstream()).isEqualTo(6);
    }

    @Test
    void aRefusedDialIsCountedForTheRouteAndTheUpstream() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(refusing(), server.hostPort()));

        bed.connect(proxy).send("hello").expect("hello");

        assertThat(proxy.metrics().dialFailures(DialFailure.REFUSED)).isEqualTo(1);
        assertThat(proxy.upstream(0).dialFailures(DialFailure.REFUSED)).isEqualTo(1);
        assertThat(proxy.upstream(0).opened()).isZero();
        assertThat(proxy.upstream(1).dialFailures(DialFailure.REFUSED)).isZero();
        assertThat(proxy.upstream(1).opened()).isEqualTo(1);
    }

    @Test
    void aDialToNowhereIsCountedAsUnreachable() throws Exception {
        StartedProxy proxy = bed.start(
                builder -> builder.resolver(name -> List.of(InetAddress.getByName("255.255.255.255"))),
                Route.tcp("web").listen("127.0.0.1", 0).to("nowhere.example:9"));

        bed.own(Knock.at(proxy.address()));

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CONNECT_FAILED);
        assertThat(proxy.metrics().dialFailures(DialFailure.UNREACHABLE)).isEqualTo(1);
        assertThat(proxy.upstream(0).dialFailures(DialFailure.UNREACHABLE)).isEqualTo(1);
    }

    @Test
    void aDialWithoutAnAnswerIsCountedAsTimedOut() throws Exception {
        DeafServer deaf = bed.own(DeafServer.open(Family.IPV4));
        StartedProxy proxy = bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .connectTimeout(Duration.ofMillis(200))
                .to(deaf.hostPort()));

        bed.connect(proxy).expectReset();

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CONNECT_TIMEOUT);
        assertThat(proxy.metrics().dialFailures(DialFailure.TIMEOUT)).isEqualTo(1);
        assertThat(proxy.upstream(0).dialFailures(DialFailure.TIMEOUT)).isEqualTo(1);
        assertThat(proxy.metrics().dialFailures(DialFailure.REFUSED)).isZero();
    }

    @Test
    void anUpstreamThatResetsBeforeAByteIsCountedAsAFailedDial() throws Exception {
        TcpServer resetting = bed.server(TcpPeer::reset);
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy =
                bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(resetting.hostPort(), server.hostPort()));

        TcpPeer client = bed.connect(proxy);
        Await.until("another is tried", () -> proxy.upstream(1).opened() == 1);
        client.send("hello").expect("hello");

        assertThat(proxy.metrics().dialFailures(DialFailure.RESET)).isEqualTo(1);
        assertThat(proxy.upstream(0).dialFailures(DialFailure.RESET)).isEqualTo(1);
        assertThat(proxy.metrics().opened()).isEqualTo(1);
    }

    @Test
    void aFlowThatIsRefusedIsOpenedAndEndedAtOnce() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                Route.tcp("web").listen("127.0.0.1", 0).maxConnections(1).to(server.hostPort()));
        bed.connect(proxy).send("in").expect("in");

        bed.own(Knock.at(proxy.address()));
        Await.until("the second is refused", () -> proxy.metrics().ended(CloseReason.LIMIT_ROUTE) == 1);

        assertThat(proxy.metrics().opened()).isEqualTo(2);
        assertThat(proxy.metrics().active()).isEqualTo(1);
        assertThat(proxy.server().metrics().opened()).isEqualTo(2);
        assertThat(proxy.upstream(0).opened()).isEqualTo(1);
    }

    /** Each kind by itself; those of a name not resolved, and of no port, are with the tests of these. */
    @Test
    void dropsAreCountedByTheirReason() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(Udp.route().maxDatagram(20).maxSessions(1).to(server.hostPort()));
        udp.peer().exchange(proxy.address(), "the one session");

        udp.peer().send(proxy.address(), "x".repeat(21));
        udp.peer().send(proxy.address(), "over the limit");
        udp.peer().send(proxy.address(), "over the limit");
        Await.until("all are dropped", () -> drops(proxy) == 3);
        Udp.endSessions(proxy);
        proxy.server().upstreams("dns").update(List.of(), Leaving.close());
        udp.peer().send(proxy.address(), "nobody there");
        Await.until("it is dropped", () -> drops(proxy) == 4);

        assertThat(proxy.metrics().drops(DropReason.OVERSIZE)).isEqualTo(1);
        assertThat(proxy.metrics().drops(DropReason.SESSION_LIMIT)).isEqualTo(2);
        assertThat(proxy.metrics().drops(DropReason.NO_UPSTREAM)).isEqualTo(1);
        assertThat(proxy.metrics().datagramsToUpstream()).isEqualTo(1);
        assertThat(proxy.metrics().opened()).isEqualTo(1);
    }

    private static long drops(StartedProxy proxy) {
        long sum = 0;
        for (DropReason reason : DropReason.values()) {
            sum += proxy.metrics().drops(reason);
        }
        return sum;
    }

    @Test
    void theReceiveBufferGrantedIsTold() {
        StartedProxy proxy = bed.start(
                builder -> builder.workers(2),
                Udp.route("small").receiveBuffer(20_000).to("127.0.0.1:9"),
                Udp.route("large").receiveBuffer(1 << 30).to("127.0.0.1:9"));

        assertThat(proxy.metrics().receiveBuffer()).isEqualTo(20_000);
        assertThat(proxy.server().route("large").metrics().receiveBuffer())
                .as("what the kernel is ready to grant")
                .isBetween(20_001, 1 << 30);
    }

    @Test
    void theBoundsOfTheServerAreTold() {
        StartedProxy proxy = bed.start(builder -> builder.workers(3).bufferBudget(5 << 20));
        StartedProxy usual = bed.start();

        assertThat(proxy.server().metrics().workers()).isEqualTo(3);
        assertThat(proxy.server().metrics().bufferBudget()).isEqualTo(5 << 20);
        assertThat(proxy.server().metrics().bufferBytesHeld()).isZero();
        assertThat(usual.server().metrics().bufferBudget())
                .isEqualTo(Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4));
    }

    @Test
    void bytesOfBuffersHeldByAStalledFlowAreToldAndGivenBack() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer client = bed.connect(proxy);
        TcpPeer upstream = server.accept();
        long much = 32L << 20;

        Future<Payload> sent = bed.fork(() -> Payload.send(client.out(), much, 1));
        Await.until("a buffer is held", () -> proxy.server().metrics().bufferBytesHeld() > 0);
        assertThat(proxy.server().metrics().bufferBytesHeld()).isLessThanOrEqualTo(256 << 10);

        assertThat(Payload.receive(upstream.in(), much)).isEqualTo(Await.result(sent));
        Await.until("it is given back", () -> proxy.server().metrics().bufferBytesHeld() == 0);
    }
}
