package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.Flow;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.RunningRoute;
import dev.sluice.Shutdown;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the user does to a running route: hold it, turn it elsewhere, end its flows, wait for it. */
class RouteVerbsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private StartedProxy started(int workers, String upstream) {
        return bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(upstream));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whilePausedNothingIsRelayedAndNothingIsLost(int workers) throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = started(workers, server.hostPort());
        Testbed.Pair pair = bed.pair(proxy, server);
        pair.client().send("1");
        pair.upstream().expect("1").send("2");
        pair.client().expect("2");

        proxy.route().pause();
        pair.client().send("up").endStream();
        pair.upstream().send("down");
        proxy.awaitTurn();
        assertThat(pair.upstream().in().available()).isZero();
        assertThat(pair.client().in().available()).isZero();
        assertThat(proxy.metrics().bytesToUpstream()).isEqualTo(1);
        assertThat(proxy.metrics().bytesToClient()).isEqualTo(1);
        proxy.route().resume();

        pair.upstream().expect("up").expectEnd();
        pair.client().expect("down");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whilePausedNewClientsWait(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(workers, server.hostPort());

        proxy.route().pause();
        TcpPeer one = bed.connect(proxy).send("one");
        TcpPeer two = bed.connect(proxy).send("two");
        proxy.awaitTurn();
        assertThat(proxy.metrics().opened()).isZero();
        assertThat(server.accepted()).isZero();
        proxy.route().resume();

        one.expect("one");
        two.expect("two");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aStreamArrivesWholeHoweverOftenItIsPaused(int workers) throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = started(workers, server.hostPort());
        Testbed.Pair pair = bed.pair(proxy, server);
        Future<Payload> sent = bed.fork(() -> {
            Payload payload = Payload.send(pair.client().out(), 8_000_000, 1);
            pair.client().endStream();
            return payload;
        });
        Future<Payload> received =
                bed.fork(() -> Payload.receive(pair.upstream().in(), Long.MAX_VALUE));

        for (int i = 0; !received.isDone(); i++) {
            proxy.route().pause();
            proxy.route().resume();
            assertThat(i).isLessThan(1_000_000);
        }

        assertThat(Await.result(received)).isEqualTo(Await.result(sent));
    }

    @Test
    void pausedTwiceIsResumedOnce() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, server.hostPort());
        TcpPeer live = bed.connect(proxy).send("in").expect("in");

        proxy.route().resume();
        live.send("still").expect("still");
        proxy.route().pause();
        proxy.route().pause();
        proxy.route().resume();

        live.send("on").expect("on");
        bed.connect(proxy).send("new").expect("new");
    }

    /** To undo the faults of a test is not to resume what somebody has paused. */
    @Test
    void clearingFaultsDoesNotResume() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, server.hostPort());
        TcpPeer live = bed.connect(proxy).send("in").expect("in");

        proxy.route().pause();
        assertThat(proxy.route().faults().running()).isEmpty();
        proxy.route().faults().clear();
        live.send("held");
        proxy.awaitTurn();
        assertThat(proxy.metrics().bytesToUpstream()).isEqualTo(2);
        proxy.route().resume();

        live.expect("held");
    }

    @Test
    void aPausedRouteThatIsReplacedStaysPaused() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, server.hostPort());
        TcpPeer live = bed.connect(proxy).send("in").expect("in");
        Route route = proxy.route().definition();

        proxy.route().pause();
        proxy.server()
                .replace(route.toBuilder().idleTimeout(Duration.ofHours(1)).to(route.upstreams()));
        live.send("held");
        TcpPeer next = bed.connect(proxy).send("next");
        proxy.awaitTurn();
        assertThat(proxy.metrics().bytesToUpstream()).isEqualTo(2);
        assertThat(proxy.metrics().opened()).isEqualTo(1);
        proxy.route().resume();

        live.expect("held");
        next.expect("next");
    }

    @Test
    void datagramsWaitWhilePaused() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().to(server.hostPort()));
        UdpPeer live = udp.peer().exchange(proxy.address(), "before");

        proxy.route().pause();
        live.send(proxy.address(), "one");
        UdpPeer next = udp.peer().send(proxy.address(), "two");
        proxy.awaitTurn();
        assertThat(server.texts()).containsExactly("before");
        proxy.route().resume();

        live.expect("one", proxy.address());
        next.expect("two", proxy.address());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void retargetedFlowsGoElsewhereAndLiveOnesStay(int workers) throws Exception {
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(bed.named("old ")));
        TcpServer other = bed.server(client -> {
            client.send("new ");
            TcpServer.echo(client);
        });
        TcpPeer live = bed.connect(proxy).expect("old ");

        proxy.route().retarget(other.hostPort());

        for (int i = 0; i < 3; i++) {
            bed.connect(proxy).expect("new ").send("hello").expect("hello");
        }
        live.send("still").expect("still");
        assertThat(proxy.upstream(0).upstream().id()).isEqualTo(other.hostPort());
    }

    @Test
    void aRouteIsNotTurnedOnItselfOrOnNobody() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, server.hostPort());

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        proxy.route().retarget("127.0.0.1:" + proxy.route().port()));
        assertThatIllegalArgumentException().isThrownBy(() -> proxy.route().retarget("nobody"));

        bed.connect(proxy).send("hello").expect("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void someFlowsAreClosedOrReset(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(workers, server.hostPort());
        TcpPeer closed = bed.connect(proxy).send("in").expect("in");
        TcpPeer reset = bed.connect(proxy).send("in").expect("in");
        TcpPeer live = bed.connect(proxy).send("in").expect("in");

        assertThat(proxy.route().closeFlows(of(closed))).isEqualTo(1);
        closed.expectEnd();
        assertThat(proxy.route().resetFlows(of(reset))).isEqualTo(1);
        reset.expectReset();
        assertThat(proxy.route().resetFlows(flow -> false)).isZero();

        live.send("still").expect("still");
        assertThat(proxy.log().awaitEnds(2))
                .hasSize(2)
                .allSatisfy(end -> assertThat(end.reason()).isEqualTo(CloseReason.CLOSED_BY_USER));
    }

    private static Predicate<Flow> of(TcpPeer client) {
        int port = client.socket().getLocalPort();
        return flow -> flow.info().client().getPort() == port;
    }

    @Test
    void countersAreAwaited() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, server.hostPort());
        Future<RouteMetrics> awaited =
                bed.fork(() -> proxy.route().await(metrics -> metrics.bytesToClient() >= 5, LONG));

        bed.connect(proxy).send("hello").expect("hello");

        assertThat(Await.result(awaited).bytesToClient()).isEqualTo(5);
    }

    @Test
    void countersThatDoNotComeAreToldAsTheyAre() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, server.hostPort());
        bed.connect(proxy).send("hello").expect("hello");
        proxy.route().await(metrics -> metrics.bytesToClient() == 5, LONG);
        Duration time = Duration.ofMillis(50);
        long begun = System.nanoTime();

        assertThatThrownBy(() -> proxy.route().await(metrics -> metrics.opened() == 2, time))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("\"web\"")
                .hasMessageContaining("PT0.05S")
                .hasMessageContaining("opened 1");
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(time.toNanos());
    }

    @Test
    void whoAwaitsCountersMayBeInterrupted() {
        StartedProxy proxy = started(1, "127.0.0.1:9");

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> proxy.route().await(metrics -> false, Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    /** Whose upstreams may be another's, who did not ask. */
    @Test
    void aRemovedRouteIsNotChangedAnyMore() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        Upstreams shared = Upstreams.of(server.hostPort()).named("shared");
        StartedProxy proxy = bed.start(
                Route.tcp("api").listen("127.0.0.1", 0).to(shared),
                Route.tcp("web").listen("127.0.0.1", 0).to(shared));
        RunningRoute removed = proxy.server().route("web");
        proxy.server().remove("web", Leaving.close());

        assertThatIllegalStateException().isThrownBy(removed::pause).withMessageContaining("\"web\" was removed");
        assertThatIllegalStateException().isThrownBy(() -> removed.retarget("127.0.0.1:9"));

        bed.connect(proxy).send("hello").expect("hello");
    }

    @Test
    void aPausedRouteThatDrainsIsResumed() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(1, server.hostPort());
        TcpPeer client = bed.connect(proxy).send("before").expect("before");
        proxy.route().pause();
        client.send("held").endStream();
        Future<Shutdown> shutdown = bed.fork(() -> proxy.server().shutdown(Duration.ofSeconds(60)));
        Await.until("it drains", () -> proxy.server().toString().contains("draining"));

        proxy.route().resume();

        client.expect("held").expectEnd();
        assertThat(Await.result(shutdown)).isEqualTo(Shutdown.DRAINED);
    }
}
