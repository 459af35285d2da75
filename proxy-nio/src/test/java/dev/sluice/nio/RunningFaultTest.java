package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.FaultRule;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RouteFaults;
import dev.sluice.RunningFault;
import dev.sluice.RunningRoute;
import dev.sluice.Upstreams;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Attempt;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule from its beginning to its end, whoever ends it, and who may not. */
class RunningFaultTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void closedTwiceItIsUndoneOnce(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        RouteFaults faults = proxy.route().faults();
        RunningFault refusing = faults.listening(Fault.refuse());
        RunningFault stalling = faults.toClient(Fault.stall());

        refusing.close();
        stalling.close();
        RunningFault again = faults.toUpstream(Fault.slice(1));
        refusing.close();
        stalling.close();

        assertThat(refusing.isRunning()).isFalse();
        assertThat(stalling.isRunning()).isFalse();
        assertThat(faults.running()).containsExactly(again);
        bed.connect(proxy).send("hello").expect("hello");
    }

    @Test
    void thoseAtWorkAreListedInTheirOrder() throws Exception {
        StartedProxy proxy = bed.startApart(2, "127.0.0.1:9");
        RouteFaults faults = proxy.route().faults();
        FaultRule rule = FaultRule.toClient(Fault.slice(1)).seed(42);

        RunningFault first = faults.apply(rule);
        RunningFault second = faults.listening(Fault.acceptAndReset());
        RunningFault third = faults.apply(rule);
        assertThat(faults.running()).containsExactly(first, second, third);
        second.close();

        assertThat(faults.running()).containsExactly(first, third);
        assertThat(first.rule()).isEqualTo(rule);
        assertThat(first.seed()).isEqualTo(42);
        assertThat(second.seed())
                .isNotEqualTo(faults.listening(Fault.acceptAndReset()).seed());
    }

    @Test
    void clearUndoesThemAll() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        RouteFaults faults = proxy.route().faults();
        TcpPeer live = bed.connect(proxy).send("in").expect("in");
        List<RunningFault> all = List.of(
                faults.toClient(Fault.stall()),
                faults.listening(Fault.refuse()),
                faults.listening(Fault.acceptAndClose()),
                faults.listening(Fault.unresponsive()));
        live.send("held");

        faults.clear();

        assertThat(faults.running()).isEmpty();
        assertThat(all).noneMatch(RunningFault::isRunning);
        live.expect("held");
        bed.connect(proxy).send("new").expect("new");
        faults.clear();
    }

    /** What can be undone is. */
    @Test
    void aPortThatIsTakenIsAllThatClearLeaves() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        RouteFaults faults = proxy.route().faults();
        TcpPeer live = bed.connect(proxy).send("in").expect("in");
        RunningFault refusing = faults.listening(Fault.refuse());
        faults.toClient(Fault.stall());
        live.send("held");

        try (ServerSocket other = new ServerSocket()) {
            other.bind(proxy.address());
            assertThatThrownBy(faults::clear).isInstanceOf(UncheckedIOException.class);
        }

        assertThat(faults.running()).containsExactly(refusing);
        live.expect("held");
        faults.clear();
        bed.connect(proxy).send("new").expect("new");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRuleWithATimeIsUndoneByItself(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        TcpPeer live = bed.connect(proxy).send("in").expect("in");
        Duration time = Duration.ofMillis(150);
        long begun = System.nanoTime();

        RunningFault fault =
                proxy.route().faults().apply(FaultRule.toClient(Fault.stall()).during(time));
        live.send("held").expect("held");

        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(time.toNanos());
        assertThat(fault.isRunning()).isFalse();
        assertThat(proxy.route().faults().running()).isEmpty();
        fault.close();
        bed.connect(proxy).send("new").expect("new");
    }

    @Test
    void closingItDoesNothingOnceTheServerIsClosed() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        InetSocketAddress address = proxy.address();
        RouteFaults faults = proxy.route().faults();
        RunningFault refusing = faults.listening(Fault.refuse());
        RunningFault stalling = faults.bothWays(Fault.stall());

        proxy.server().close();
        refusing.close();
        stalling.close();
        faults.clear();

        assertThat(refusing.isRunning()).isFalse();
        assertThat(faults.running()).isEmpty();
        Attempt.expectRefused(address);
        assertThatIllegalStateException().isThrownBy(() -> faults.toClient(Fault.stall()));
    }

    @Test
    void aServerThatIsClosedHasNoFaultAtWork() throws Exception {
        StartedProxy proxy = bed.startApart(2, "127.0.0.1:9");
        RunningFault refusing = proxy.route().faults().listening(Fault.refuse());

        proxy.server().close();

        assertThat(refusing.isRunning()).isFalse();
        assertThat(proxy.route().faults().running()).isEmpty();
    }

    @Test
    void closingItOpensNoPortOfARouteThatWasRemoved() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        RunningRoute route = proxy.route();
        TcpPeer live = bed.connect(proxy).send("in").expect("in");
        RunningFault refusing = route.faults().listening(Fault.refuse());
        RunningFault stalling = route.faults().bothWays(Fault.stall());
        live.send("held");

        proxy.server().remove("web", Leaving.keep());
        refusing.close();
        Attempt.expectRefused(route.localAddress());
        stalling.close();

        live.expect("held");
        assertThatIllegalStateException()
                .isThrownBy(() -> route.faults().toClient(Fault.stall()))
                .withMessageContaining("\"web\" was removed");
    }

    @Test
    void whatDoesNotFitIsRefusedAndChangesNothing() throws Exception {
        StartedProxy proxy = udp.start(
                Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"),
                Udp.route().to("127.0.0.1:9"));
        RouteFaults web = proxy.server().route("web").faults();
        RouteFaults dns = proxy.server().route("dns").faults();

        assertRefused("\"web\"", Fault.loss(0.1), () -> web.toClient(Fault.slice(1), Fault.loss(0.1)));
        assertRefused("\"dns\"", Fault.slice(1), () -> dns.toUpstream(Fault.slice(1)));
        assertRefused("\"dns\"", Fault.unresponsive(), () -> dns.listening(Fault.unresponsive()));
        assertRefused("\"dns\"", Fault.acceptAndClose(), () -> dns.listening(Fault.acceptAndClose()));
        assertRefused("\"dns\"", Fault.rebind(), () -> dns.toClient(Fault.rebind()));
        assertRefused("\"dns\"", Fault.rebind(), () -> dns.bothWays(Fault.rebind()));

        assertThat(web.running()).isEmpty();
        assertThat(dns.running()).isEmpty();
        assertThat(dns.toUpstream(Fault.rebind()).isRunning()).isTrue();
    }

    private static void assertRefused(String route, Fault fault, Runnable call) {
        assertThatIllegalArgumentException()
                .isThrownBy(call::run)
                .withMessageContaining(route)
                .withMessageContaining(fault.toString());
    }

    private interface Call {
        void on(RunningRoute route) throws Exception;
    }

    /** Each is called in a selector, that is on a worker, which it would wait for. */
    @Test
    void whatWaitsForAWorkerThrowsOnAWorker() throws Exception {
        CompletableFuture<StartedProxy> own = new CompletableFuture<>();
        CompletableFuture<RunningFault> fault = new CompletableFuture<>();
        List<Throwable> failures = new ArrayList<>();
        List<Call> calls = List.of(
                RunningRoute::pause,
                RunningRoute::resume,
                RunningRoute::down,
                RunningRoute::up,
                route -> route.retarget("127.0.0.1:9"),
                route -> route.closeFlows(flow -> true),
                route -> route.resetFlows(flow -> true),
                route -> route.await(metrics -> true, Duration.ZERO),
                route -> route.faults().toClient(Fault.stall()),
                route -> fault.join().close(),
                route -> route.faults().clear());
        StartedProxy proxy = bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .to(Upstreams.of("127.0.0.1:9").select((candidates, flow) -> {
                    calls.forEach(call -> call(call, own.join().route(), failures));
                    return -1;
                })));
        own.complete(proxy);
        RunningFault applied = proxy.route().faults().toClient(Fault.slice(1));
        fault.complete(applied);

        bed.own(Knock.at(proxy.address()));
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.NO_CANDIDATE);

        assertThat(failures).hasSize(calls.size()).allMatch(IllegalStateException.class::isInstance);
        assertThat(proxy.route().faults().running()).containsExactly(applied);
    }

    private static void call(Call call, RunningRoute route, List<Throwable> failures) {
        try {
            call.on(route);
        } catch (Exception e) {
            failures.add(e);
        }
    }

    @Test
    void clearThrowsOnAWorkerEvenWhereThereIsNothingToClear() throws Exception {
        CompletableFuture<RouteFaults> faults = new CompletableFuture<>();
        List<Throwable> failures = new ArrayList<>();
        StartedProxy proxy = bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .to(Upstreams.of("127.0.0.1:9").select((candidates, flow) -> {
                    try {
                        faults.join().clear();
                    } catch (IllegalStateException e) {
                        failures.add(e);
                    }
                    return -1;
                })));
        faults.complete(proxy.route().faults());

        bed.own(Knock.at(proxy.address()));

        proxy.log().awaitEnd();
        assertThat(failures).hasSize(1);
    }

    /** Each of them ends a fault, moves the ports or waits for those that do. */
    @Test
    void whoEndsAFaultAtOnceWithOthersDoesNotWaitForEver() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(3, server.hostPort());
        RunningRoute route = proxy.route();
        List<Future<Void>> tasks = new ArrayList<>();
        Duration soon = Duration.ofMillis(1);
        List<Call> calls = List.of(
                each -> each.faults()
                        .apply(FaultRule.listening(Fault.refuse()).during(soon))
                        .close(),
                each -> each.faults()
                        .apply(FaultRule.listening(Fault.unresponsive()).during(soon)),
                each -> each.faults().apply(FaultRule.bothWays(Fault.stall()).during(soon)),
                each -> each.faults().clear(),
                RunningRoute::down,
                RunningRoute::up,
                RunningRoute::pause,
                RunningRoute::resume);
        for (Call call : calls) {
            tasks.add(bed.fork(() -> {
                for (int i = 0; i < 50; i++) {
                    call.on(route);
                }
                return null;
            }));
        }
        for (Future<Void> task : tasks) {
            Await.result(task);
        }
        route.resume();
        route.up();
        route.faults().clear();

        bed.connect(proxy).send("hello").expect("hello");
    }
}
