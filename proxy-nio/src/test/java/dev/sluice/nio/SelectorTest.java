package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Candidates;
import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.Ejection;
import dev.sluice.Flow;
import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.Transport;
import dev.sluice.Upstream;
import dev.sluice.UpstreamMetrics;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.Testbed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Selectors, ours and the user's, in a running proxy. */
class SelectorTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final List<Upstream> members = new ArrayList<>();

    /** One more member of the group, which says its name. */
    private Upstream member(String name) throws Exception {
        Upstream upstream = bed.named(name);
        members.add(upstream);
        return upstream;
    }

    /** One more member of the group, which nobody listens at. */
    private Upstream deadMember(String name) throws Exception {
        Upstream upstream =
                Upstream.of(bed.own(ClosedPort.open(Family.IPV4)).hostPort()).id(name);
        members.add(upstream);
        return upstream;
    }

    private StartedProxy started(int workers, UpstreamSelector selector) {
        return bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(members)
                                .named("group")
                                .select(selector)
                                .eject(Ejection.off())));
    }

    private static List<Long> opened(StartedProxy proxy) {
        return proxy.server().upstreams("group").list().stream()
                .map(UpstreamMetrics::opened)
                .toList();
    }

    /** The group's order decides nothing but where the turn begins; workers and routes share it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void roundRobinIsExactOverAllWorkersAndRoutes(int workers) throws Exception {
        member("a");
        member("b");
        member("c");
        Upstreams group = Upstreams.of(members).named("group");
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(group),
                Route.tcp("api").listen("127.0.0.1", 0).to(group));

        for (int i = 1; i <= 10; i++) {
            for (int j = 0; j < 3; j++) {
                String route = (i + j) % 2 == 0 ? "web" : "api";
                TcpPeer client = bed.connect(proxy.server().route(route).localAddress());
                assertThat(client.in().read()).isPositive();
            }
            assertThat(opened(proxy)).containsOnly((long) i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void roundRobinFollowsTheWeightsExactlyOverAllWorkers(int workers) throws Exception {
        List<Upstream> weighted = List.of(
                member("a").weight(50),
                member("b").weight(30),
                member("c").weight(20),
                member("d").weight(0));
        members.clear();
        members.addAll(weighted);
        StartedProxy proxy = started(workers, UpstreamSelector.roundRobin());

        for (int i = 1; i <= 5; i++) {
            for (int j = 0; j < 10; j++) {
                assertThat(bed.connect(proxy).in().read()).isPositive();
            }
            assertThat(opened(proxy)).containsExactly(5L * i, 3L * i, 2L * i, 0L);
        }
    }

    @Test
    void aWeightOfNoneTakesNoNewFlowsAndLeavesTheOldOnes() throws Exception {
        member("a");
        member("b");
        StartedProxy proxy = started(1, UpstreamSelector.roundRobin());
        TcpPeer old = bed.connect(proxy);
        assertThat(old.in().read()).isEqualTo('a');

        proxy.server().upstreams("group").update(List.of(members.get(0).weight(0), members.get(1)), Leaving.close());
        for (int i = 0; i < 4; i++) {
            assertThat(bed.connect(proxy).in().read()).isEqualTo('b');
        }
        old.send("x");
        assertThat(old.in().read()).isEqualTo('x');
        assertThat(proxy.server().upstreams("group").list().get(0).active()).isOne();
    }

    @Test
    void withNothingButLameDucksAFlowIsRefused() throws Exception {
        members.add(member("a").weight(0));
        members.remove(0);
        StartedProxy proxy = started(1, UpstreamSelector.roundRobin());

        bed.own(Knock.at(proxy.address())).expectReset();
        Await.until("the refusal", () -> proxy.metrics().ended(CloseReason.NO_UPSTREAM) == 1);
    }

    @ParameterizedTest
    @MethodSource("hashing")
    void aClientStaysAtOneUpstreamUntilThatFails(UpstreamSelector selector) throws Exception {
        member("a");
        member("b");
        member("c");
        StartedProxy proxy = started(2, selector);
        int home = bed.connect(proxy).in().read();
        for (int i = 0; i < 20; i++) {
            assertThat(bed.connect(proxy).in().read()).isEqualTo(home);
        }

        Upstream gone = members.get(home - 'a');
        Upstream dead =
                Upstream.of(bed.own(ClosedPort.open(Family.IPV4)).hostPort()).id(gone.id());
        List<Upstream> failed = new ArrayList<>(members);
        failed.set(home - 'a', dead);
        proxy.server().upstreams("group").update(failed);
        int other = bed.connect(proxy).in().read();
        assertThat(other).isNotEqualTo(home).isBetween((int) 'a', (int) 'c');
        assertThat(bed.connect(proxy).in().read()).isEqualTo(other);

        proxy.server().upstreams("group").update(members);
        assertThat(bed.connect(proxy).in().read()).isEqualTo(home);
    }

    static Stream<UpstreamSelector> hashing() {
        return Stream.of(UpstreamSelector.sourceHash(), UpstreamSelector.maglev());
    }

    @Test
    void roundRobinIsExactForClientsThatComeAtOnce() throws Exception {
        member("a");
        member("b");
        member("c");
        StartedProxy proxy = started(2, UpstreamSelector.roundRobin());
        CountDownLatch together = new CountDownLatch(1);
        List<Future<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(bed.fork(() -> {
                together.await();
                for (int j = 0; j < 50; j++) {
                    assertThat(bed.connect(proxy).in().read()).isPositive();
                }
                return null;
            }));
        }

        together.countDown();
        for (Future<Void> client : clients) {
            Await.result(client);
        }

        assertThat(opened(proxy)).containsOnly(100L);
    }

    /** Each flow that meets the dead one goes to the next, without a turn of its own. */
    @Test
    void aRetryDoesNotAdvanceTheTurn() throws Exception {
        member("a");
        deadMember("dead");
        member("c");
        StartedProxy proxy = started(1, UpstreamSelector.roundRobin());

        for (int i = 0; i < 30; i++) {
            assertThat(bed.connect(proxy).in().read()).isPositive();
        }

        assertThat(proxy.upstream(1).dialFailures(DialFailure.REFUSED)).isEqualTo(10);
        assertThat(opened(proxy).get(0) + opened(proxy).get(2)).isEqualTo(30);
    }

    @Test
    void leastConnectionsFillsUpTheEmptiest() throws Exception {
        member("a");
        member("b");
        StartedProxy proxy = started(2, UpstreamSelector.leastConnections());
        List<TcpPeer> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(bed.connect(proxy));
            assertThat(clients.get(i).in().read()).isPositive();
        }
        assertThat(opened(proxy)).containsExactly(5L, 5L);

        proxy.route().flows().stream()
                .filter(flow -> members.get(0).equals(flow.upstream()))
                .forEach(Flow::reset);
        Await.until("one is empty", () -> proxy.upstream(0).active() == 0);
        for (int i = 0; i < 5; i++) {
            bed.connect(proxy).expect("a");
        }
    }

    @Test
    void failoverTakesTheFirstThatAnswers() throws Exception {
        deadMember("dead");
        member("second");
        member("third");
        StartedProxy proxy = started(2, UpstreamSelector.failover());

        for (int i = 0; i < 6; i++) {
            bed.connect(proxy).expect("second");
        }

        assertThat(opened(proxy)).containsExactly(0L, 6L, 0L);
    }

    static Stream<UpstreamSelector> ours() {
        return Stream.of(
                UpstreamSelector.roundRobin(),
                UpstreamSelector.leastConnections(),
                UpstreamSelector.twoChoices(),
                UpstreamSelector.random(),
                UpstreamSelector.failover());
    }

    @ParameterizedTest
    @MethodSource("ours")
    void eachOfOursFindsTheOneThatAnswersAndGivesUpWithoutOne(UpstreamSelector selector) throws Exception {
        deadMember("x");
        deadMember("y");
        Upstream alive = member("alive");
        StartedProxy proxy = started(2, selector);
        for (int i = 0; i < 10; i++) {
            bed.connect(proxy).expect("alive");
        }

        proxy.server().upstreams("group").update(List.of(members.get(0), members.get(1)), Leaving.close());
        bed.own(Knock.at(proxy.address()));

        FlowEnd end = proxy.log().awaitEnds(11).stream()
                .filter(each -> each.reason() != CloseReason.UPSTREAM_REMOVED)
                .findFirst()
                .orElseThrow();
        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
        assertThat(end.attempts()).isEqualTo(2);
        assertThat(alive.id()).isEqualTo("alive");
    }

    @Test
    void aUsersLambdaIsAsGoodAsOurs() throws Exception {
        member("us-1");
        member("eu-1");
        member("eu-2");
        UpstreamSelector european = (candidates, flow) -> candidates.first(u -> u.id().startsWith("eu"));
        StartedProxy proxy = started(2, european);

        for (int i = 0; i < 5; i++) {
            bed.connect(proxy).expect("eu-1");
        }
    }

    /** What a selector is shown, at the first pick and at the second. */
    private record Shown(int size, List<String> ids, List<Boolean> usable, int attempt, FlowInfo flow, String thread) {}

    @Test
    void aSelectorIsShownTheCandidatesAndTheFlow() throws Exception {
        deadMember("dead");
        member("alive");
        List<Shown> shown = Collections.synchronizedList(new ArrayList<>());
        StartedProxy proxy = started(2, (candidates, flow) -> {
            shown.add(show(candidates, flow));
            return candidates.first(any -> true);
        });
        TcpPeer client = bed.connect(proxy).expect("alive");

        assertThat(shown).extracting(Shown::attempt).containsExactly(0, 1);
        assertThat(shown).extracting(Shown::size).containsOnly(2);
        assertThat(shown).extracting(Shown::ids).containsOnly(List.of("dead", "alive"));
        assertThat(shown).extracting(Shown::usable).containsExactly(List.of(true, true), List.of(false, true));
        assertThat(shown).extracting(Shown::thread).allMatch(name -> name.startsWith(proxy.name() + "-worker-"));
        FlowInfo flow = shown.get(0).flow();
        assertThat(flow.route()).isEqualTo("web");
        assertThat(flow.transport()).isEqualTo(Transport.TCP);
        assertThat(flow.client()).isEqualTo(client.socket().getLocalSocketAddress());
        assertThat(flow.local()).isEqualTo(proxy.address());
    }

    private static Shown show(Candidates candidates, FlowInfo flow) {
        List<String> ids = new ArrayList<>();
        List<Boolean> usable = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            ids.add(candidates.upstream(i).id());
            usable.add(candidates.usable(i));
        }
        return new Shown(
                candidates.size(),
                ids,
                usable,
                candidates.attempt(),
                flow,
                Thread.currentThread().getName());
    }
}
