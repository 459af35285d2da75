package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.FaultRule;
import dev.sluice.Flow;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which flows a rule is for. Who is under one that resets is reset, the others go on. */
class FaultRuleScopeTest {
    private static final FaultRule RESET = FaultRule.toClient(Fault.reset());

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    private void start(int workers) throws IOException {
        TcpServer server = bed.server(TcpServer::echo);
        proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
    }

    private TcpPeer client() throws IOException {
        return bed.connect(proxy).send("in").expect("in");
    }

    private List<TcpPeer> clients(int count) throws IOException {
        List<TcpPeer> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(client());
        }
        return clients;
    }

    private RunningFault apply(FaultRule rule) {
        return proxy.route().faults().apply(rule);
    }

    private static Predicate<Flow> of(TcpPeer client) {
        int port = client.socket().getLocalPort();
        return flow -> flow.info().client().getPort() == port;
    }

    private static void assertLive(TcpPeer client) throws IOException {
        client.send("still").expect("still");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void ifNoMoreIsSaidItIsForAllFlows(int workers) throws Exception {
        start(workers);
        List<TcpPeer> live = clients(4);

        RunningFault fault = apply(RESET);

        for (TcpPeer each : live) {
            each.expectReset();
        }
        bed.own(Knock.at(proxy.address())).expectReset();
        assertThat(fault.flows()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void liveFlowsAlone(int workers) throws Exception {
        start(workers);
        TcpPeer live = client();

        RunningFault fault = apply(RESET.liveFlows());

        live.expectReset();
        assertLive(client());
        assertThat(fault.flows()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void newFlowsAlone(int workers) throws Exception {
        start(workers);
        TcpPeer live = client();

        RunningFault fault = apply(RESET.newFlows());

        bed.own(Knock.at(proxy.address())).expectReset();
        assertLive(live);
        assertThat(fault.flows()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void thoseThatATestPicks(int workers) throws Exception {
        start(workers);
        List<TcpPeer> live = clients(6);

        RunningFault fault = apply(RESET.where(of(live.get(1)).or(of(live.get(4)))));

        live.get(1).expectReset();
        live.get(4).expectReset();
        for (int i : List.of(0, 2, 3, 5)) {
            assertLive(live.get(i));
        }
        assertLive(client());
        assertThat(fault.flows()).isEqualTo(2);
    }

    @Test
    void theTestIsAskedOnceForEachFlow() throws Exception {
        start(3);
        Queue<Long> asked = new ConcurrentLinkedQueue<>();
        List<TcpPeer> live = clients(3);

        apply(RESET.where(flow -> {
            asked.add(flow.id());
            return false;
        }));
        apply(FaultRule.toClient(Fault.slice(1))).close();
        live.add(client());

        for (TcpPeer each : live) {
            assertLive(each);
        }
        assertThat(asked).hasSize(4).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aTestThatThrowsPicksNobodyAndIsCounted(int workers) throws Exception {
        start(workers);
        List<TcpPeer> live = clients(2);

        RunningFault fault = apply(RESET.where(flow -> {
            throw new UnsupportedOperationException("expected");
        }));
        live.add(client());

        for (TcpPeer each : live) {
            assertLive(each);
        }
        assertThat(fault.flows()).isZero();
        assertThat(proxy.metrics().callbackFailures()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theFirstAreTheOldest(int workers) throws Exception {
        start(workers);
        List<TcpPeer> live = clients(8);

        RunningFault fault = apply(RESET.first(3));

        for (TcpPeer each : live.subList(0, 3)) {
            each.expectReset();
        }
        for (TcpPeer each : live.subList(3, 8)) {
            assertLive(each);
        }
        assertLive(client());
        assertThat(fault.flows()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void placesThatLiveFlowsLeaveAreForThoseToCome(int workers) throws Exception {
        start(workers);
        TcpPeer live = client();

        apply(RESET.first(2));

        live.expectReset();
        bed.own(Knock.at(proxy.address())).expectReset();
        assertLive(client());
    }

    @Test
    void theFirstAreCountedAmongThoseThatTheTestPicks() throws Exception {
        start(3);
        List<TcpPeer> live = clients(4);

        apply(RESET.where(of(live.get(0)).negate()).first(1));

        live.get(1).expectReset();
        for (int i : List.of(0, 2, 3)) {
            assertLive(live.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void probabilityZeroIsNeverAndOneIsAlways(int workers) throws Exception {
        start(workers);
        List<TcpPeer> live = clients(10);

        RunningFault never = apply(RESET.probability(0));
        live.add(client());
        for (TcpPeer each : live) {
            assertLive(each);
        }
        assertThat(never.flows()).isZero();

        RunningFault always = apply(RESET.probability(1));
        for (TcpPeer each : live) {
            each.expectReset();
        }
        assertThat(always.flows()).isEqualTo(11);
    }

    /** Who is held has an answer outstanding for as long as the rule is at work. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatChanceDecidedStaysWhileOtherRulesComeAndGo(int workers) throws Exception {
        start(workers);
        List<TcpPeer> live = clients(20);
        RunningFault held =
                apply(FaultRule.toClient(Fault.stall()).probability(0.5).seed(3));
        long before = proxy.metrics().bytesToClient();

        List<TcpPeer> free = answered(live, before);
        for (int i = 0; i < 5; i++) {
            RunningFault other = apply(FaultRule.bothWays(Fault.slice(3)).probability(0.5));
            for (TcpPeer each : free) {
                assertLive(each);
            }
            other.close();
        }

        assertThat(held.flows()).isEqualTo(20 - free.size()).isBetween(1L, 19L);
        for (TcpPeer each : live) {
            if (!free.contains(each)) {
                assertThat(each.in().available()).isZero();
            }
        }
        held.close();
        for (TcpPeer each : live) {
            if (!free.contains(each)) {
                each.expect("?");
            }
        }
    }

    /** Asks all of them, and gives those that get an answer. */
    private List<TcpPeer> answered(List<TcpPeer> clients, long before) throws IOException {
        RunningFault held = proxy.route().faults().running().get(0);
        for (TcpPeer each : clients) {
            each.send("?");
        }
        Await.until(
                "those that are not held are answered",
                () -> proxy.metrics().bytesToClient() - before == clients.size() - held.flows());
        List<TcpPeer> free = new ArrayList<>();
        for (TcpPeer each : clients) {
            if (each.in().available() > 0) {
                free.add(each.expect("?"));
            }
        }
        return free;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theSameSeedPicksTheSameLiveFlows(int workers) throws Exception {
        start(workers);
        List<TcpPeer> live = clients(16);
        FaultRule rule = FaultRule.toClient(Fault.stall()).probability(0.5).seed(7);

        List<TcpPeer> once = freeUnder(rule, live);
        List<TcpPeer> again = freeUnder(rule, live);
        List<TcpPeer> otherwise = freeUnder(rule.seed(8), live);

        assertThat(again).isEqualTo(once);
        assertThat(otherwise).isNotEqualTo(once);
        assertThat(picksAmongNew(rule, 16))
                .isEqualTo(live.stream().map(once::contains).toList());
    }

    private List<TcpPeer> freeUnder(FaultRule rule, List<TcpPeer> live) throws IOException {
        RunningFault fault = apply(rule);
        List<TcpPeer> free = answered(live, proxy.metrics().bytesToClient());
        fault.close();
        for (TcpPeer each : live) {
            if (!free.contains(each)) {
                each.expect("?");
            }
        }
        Await.standstill(() -> proxy.metrics().bytesToClient());
        return free;
    }

    /** Whether each of so many clients, one after the other, is served where a rule like this one picks who is not. */
    private List<Boolean> picksAmongNew(FaultRule like, int count) throws IOException {
        StartedProxy greeting = bed.start(
                builder -> builder.workers(3),
                Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .faults(FaultRule.listening(Fault.acceptAndClose())
                                .probability(like.probability())
                                .seed(like.seed().orElseThrow()))
                        .to(bed.named("hello")));
        List<Boolean> served = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            served.add(bed.connect(greeting).in().read() == 'h');
        }
        return served;
    }

    @Test
    void theSameSeedPicksTheSameNewFlows() throws Exception {
        FaultRule rule = FaultRule.toClient(Fault.stall()).probability(0.5);

        List<Boolean> once = picksAmongNew(rule.seed(7), 16);

        assertThat(once).contains(true, false).isEqualTo(picksAmongNew(rule.seed(7), 16));
        assertThat(picksAmongNew(rule.seed(8), 16)).isNotEqualTo(once);
    }
}
