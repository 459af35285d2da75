package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.DropReason;
import dev.sluice.FlowEnd;
import dev.sluice.LiveUpstreams;
import dev.sluice.Route;
import dev.sluice.Shutdown;
import dev.sluice.Upstream;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shutting down: no new flows, old ones go on until the deadline. */
class LifecycleDrainTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private static boolean refuses(InetSocketAddress address) {
        try (TcpPeer client = TcpPeer.connect(address)) {
            return client.socket().isClosed();
        } catch (IOException refused) {
            return true;
        }
    }

    /** Starts a shutdown, and waits until it drains: from then on no change is possible. */
    private Future<Shutdown> draining(StartedProxy proxy, Duration deadline) {
        LiveUpstreams group = proxy.server().upstreams(proxy.route().name());
        List<Upstream> members = proxy.route().definition().upstreams().members();
        Future<Shutdown> result = bed.fork(() -> proxy.server().shutdown(deadline));
        Await.until("it drains", () -> !canChange(group, members));
        return result;
    }

    private static boolean canChange(LiveUpstreams group, List<Upstream> members) {
        try {
            group.update(members);
            return true;
        } catch (IllegalStateException draining) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void oldFlowsGoOnUntilTheyEndAndThenItIsDrained(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        List<TcpPeer> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(bed.connect(proxy).send("before").expect("before"));
        }

        Future<Shutdown> result = draining(proxy, LONG);
        assertThat(refuses(proxy.address())).isTrue();
        for (TcpPeer client : clients) {
            client.send("during").expect("during");
        }
        assertThat(result).isNotDone();
        for (TcpPeer client : clients) {
            client.endStream().expectEnd();
        }

        assertThat(Await.result(result)).isEqualTo(Shutdown.DRAINED);
        assertThat(proxy.server().metrics().opened()).isEqualTo(10);
        assertThat(proxy.metrics().ended(CloseReason.DONE)).isEqualTo(10);
    }

    @Test
    void whatIsLeftAtTheDeadlineIsResetAndThatIsSaid() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer stays = bed.connect(proxy).send("stays").expect("stays");
        TcpPeer goes = bed.connect(proxy).send("goes").expect("goes");

        Future<Shutdown> result = draining(proxy, SHORT);
        goes.endStream().expectEnd();

        assertThat(Await.result(result)).isEqualTo(Shutdown.FORCED);
        stays.expectReset();
        assertThat(proxy.log().awaitEnds(2))
                .extracting(FlowEnd::reason)
                .containsExactlyInAnyOrder(CloseReason.DONE, CloseReason.SHUTDOWN);
    }

    @Test
    void withoutFlowsItIsDrainedAtOnce() {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));
        long begun = System.nanoTime();

        assertThat(proxy.server().shutdown(LONG)).isEqualTo(Shutdown.DRAINED);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG.dividedBy(2));
    }

    @Test
    void aDeadlineOfZeroResetsAllAtOnce() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        assertThat(proxy.server().shutdown(Duration.ZERO)).isEqualTo(Shutdown.FORCED);

        client.expectReset();
    }

    @Test
    void aDeadlineThatIsNoneIsRefused() {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));

        for (Duration none :
                List.of(Duration.ofNanos(-1), Duration.ofDays(36_501), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatIllegalArgumentException().isThrownBy(() -> proxy.server().shutdown(none));
        }
        assertThat(proxy.server().shutdown(Duration.ofDays(36_500))).isEqualTo(Shutdown.DRAINED);
    }

    @RepeatedTest(10)
    void closedMeanwhileByAnotherIsForced() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        Future<Shutdown> result = draining(proxy, LONG);
        proxy.server().close();

        assertThat(Await.result(result)).isEqualTo(Shutdown.FORCED);
        client.expectReset();
    }

    @RepeatedTest(5)
    void theShorterOfTwoDeadlinesCounts() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        bed.connect(proxy).send("hello").expect("hello");

        Future<Shutdown> patient = draining(proxy, LONG);
        Shutdown impatient = proxy.server().shutdown(Duration.ZERO);

        assertThat(impatient).isEqualTo(Shutdown.FORCED);
        assertThat(Await.result(patient)).isEqualTo(Shutdown.FORCED);
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        bed.connect(proxy).send("hello").expect("hello");

        Future<List<Object>> outcome = bed.fork(() -> {
            Thread.currentThread().interrupt();
            return List.of(proxy.server().shutdown(LONG), Thread.interrupted());
        });

        assertThat(Await.result(outcome)).containsExactly(Shutdown.FORCED, true);
    }

    @Test
    void nothingIsChangedWhileItDrains() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        Future<Shutdown> result = draining(proxy, LONG);

        Route next = Route.tcp("next").listen("127.0.0.1", 0).to("127.0.0.1:9");
        assertThatIllegalStateException().isThrownBy(() -> proxy.server().add(next));
        assertThatThrownBy(() -> proxy.server().upstreams("web").update(List.of()))
                .isInstanceOf(IllegalStateException.class);
        client.endStream().expectEnd();
        assertThat(Await.result(result)).isEqualTo(Shutdown.DRAINED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void sessionsGoOnButNewClientsAreDroppedAndCounted(int workers) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Udp.route().idleTimeout(Duration.ofSeconds(2)).to(server.hostPort()));
        InetSocketAddress dns = proxy.address();
        UdpPeer client = udp.peer();
        client.exchange(dns, "before");

        Future<Shutdown> result = draining(proxy, LONG);
        client.exchange(dns, "during");
        udp.peer().send(dns, "new");
        Await.until("it is dropped", () -> proxy.metrics().drops(DropReason.DRAINING) == 1);
        client.exchange(dns, "still during");

        assertThat(Await.result(result)).isEqualTo(Shutdown.DRAINED);
        assertThat(server.texts()).doesNotContain("new");
    }

    /** The kernel spreads clients over the workers' sockets anew when one of these closes: none may before all can. */
    @RepeatedTest(3)
    void noSessionIsLostWhileThoseOfOtherWorkersEnd() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                bed.start(builder -> builder.workers(8), Udp.route().to(server.hostPort()));
        InetSocketAddress dns = proxy.address();
        List<UdpPeer> clients = List.of(udp.peer(), udp.peer(), udp.peer(), udp.peer());
        for (UdpPeer client : clients) {
            client.exchange(dns, "before");
        }

        Future<Shutdown> result = draining(proxy, LONG);
        for (UdpPeer client : clients) {
            client.send(dns, "during");
        }
        Await.until(
                "each is relayed or dropped",
                () -> server.heard().size() + proxy.metrics().drops(DropReason.DRAINING) == 2L * clients.size());

        assertThat(proxy.metrics().drops(DropReason.DRAINING)).isZero();
        for (UdpPeer client : clients) {
            client.expect("during", dns);
        }
        Udp.endSessions(proxy);
        assertThat(Await.result(result)).isEqualTo(Shutdown.DRAINED);
    }
}
