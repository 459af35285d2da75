package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Candidates;
import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bad selector can do to its own flow, and to nobody else; and when a selector is prepared. */
class SelectorFailureTest {
    private static final long OBSERVED_NANOS = 100_000_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private TcpServer server;

    @BeforeEach
    void server() throws Exception {
        server = bed.server(TcpServer::echo);
    }

    /** The route "web" with the selector under test, and "api", which has nothing to do with it, on the same worker. */
    private StartedProxy started(UpstreamSelector selector) {
        return bed.start(
                builder -> builder.workers(1),
                Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(server.hostPort()).select(selector)),
                Route.tcp("api").listen("127.0.0.1", 0).to(server.hostPort()));
    }

    private TcpPeer other(StartedProxy proxy) throws Exception {
        return bed.connect(proxy.server().route("api").localAddress())
                .send("hello")
                .expect("hello");
    }

    static Stream<UpstreamSelector> throwing() {
        return Stream.of(
                (candidates, flow) -> {
                    throw new IllegalStateException("on purpose");
                },
                (candidates, flow) -> {
                    throw new AssertionError("on purpose");
                },
                (candidates, flow) -> candidates.upstream(candidates.size()).port());
    }

    @ParameterizedTest
    @MethodSource("throwing")
    void whatASelectorThrowsEndsItsOwnFlowOnly(UpstreamSelector selector) throws Exception {
        StartedProxy proxy = started(selector);
        TcpPeer other = other(proxy);

        for (int i = 0; i < 5; i++) {
            bed.own(Knock.at(proxy.address()));
            other.send("still").expect("still");
        }

        assertThat(proxy.log().awaitEnds(5)).extracting(FlowEnd::reason).containsOnly(CloseReason.SELECTOR_FAILED);
        assertThat(proxy.metrics().callbackFailures()).isEqualTo(5);
        other(proxy);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void nonsenseEndsItsOwnFlowOnly(int nonsense) throws Exception {
        StartedProxy proxy = started((candidates, flow) -> nonsense);

        bed.own(Knock.at(proxy.address()));

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.SELECTOR_FAILED);
        assertThat(proxy.metrics().callbackFailures()).isEqualTo(1);
        other(proxy);
    }

    @Test
    void namingOneThatWasTriedBeforeIsNonsense() throws Exception {
        StartedProxy proxy = bed.start(
                builder -> builder.resolver(name -> List.of(InetAddress.getByName("255.255.255.255"))),
                Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of("nowhere.example:9", server.hostPort()).select((candidates, flow) -> 0)));

        bed.own(Knock.at(proxy.address()));
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.SELECTOR_FAILED);
        assertThat(end.attempts()).isEqualTo(1);
    }

    @Test
    void namingNobodyIsARefusalAndNoFailure() throws Exception {
        StartedProxy proxy = started((candidates, flow) -> -1);

        bed.own(Knock.at(proxy.address()));

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.NO_CANDIDATE);
        assertThat(proxy.metrics().callbackFailures()).isZero();
    }

    @Test
    void aSlowSelectionIsCounted() throws Exception {
        long slow = 150_000_000;
        StartedProxy proxy = started((candidates, flow) -> {
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < slow) {
                Thread.onSpinWait();
            }
            return 0;
        });
        other(proxy);

        for (int i = 0; i < 3; i++) {
            bed.connect(proxy).send("hello").expect("hello");
        }

        assertThat(proxy.metrics().slowSelections()).isEqualTo(3);
        assertThat(proxy.metrics().callbackFailures()).isZero();
        assertThat(proxy.server().route("api").metrics().slowSelections()).isZero();
    }

    /** A flag left set would make every wait for the network return at once. */
    @Test
    void aSelectorThatLeavesAnInterruptDoesNotMakeItsWorkerSpin() throws Exception {
        AtomicReference<Thread> worker = new AtomicReference<>();
        StartedProxy proxy = started((candidates, flow) -> {
            worker.set(Thread.currentThread());
            Thread.currentThread().interrupt();
            return 0;
        });

        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getThreadCpuTime(worker.get().getId());
        long begun = System.nanoTime();
        Await.until("there was time to spin", () -> System.nanoTime() - begun > OBSERVED_NANOS);
        assertThat(threads.getThreadCpuTime(worker.get().getId()) - cpu).isLessThan(OBSERVED_NANOS / 5);
        client.send("still").expect("still");
    }

    /** Remembers what it was prepared for, and on which thread. */
    private static final class Preparing implements UpstreamSelector {
        private final List<List<String>> prepared;
        private final List<String> threads;
        private final int generation;

        Preparing(List<List<String>> prepared, List<String> threads, int generation) {
            this.prepared = prepared;
            this.threads = threads;
            this.generation = generation;
        }

        @Override
        public int select(Candidates candidates, FlowInfo flow) {
            // Each generation names another member, so that a test can see which one was asked.
            return Math.min(generation, candidates.size()) - 1;
        }

        @Override
        public UpstreamSelector prepare(List<Upstream> members) {
            prepared.add(members.stream().map(Upstream::id).toList());
            threads.add(Thread.currentThread().getName());
            return new Preparing(prepared, threads, generation + 1);
        }
    }

    @Test
    void aSelectorIsPreparedAtStartAndAtEachUpdateOnWhatItReturnedBefore() throws Exception {
        List<List<String>> prepared = Collections.synchronizedList(new ArrayList<>());
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        Upstream one = greeting("one");
        Upstream two = greeting("two");
        StartedProxy proxy = bed.start(
                builder -> builder.workers(2),
                Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(List.of(one, two)).select(new Preparing(prepared, threads, 0))));
        bed.connect(proxy).expect("one");

        proxy.server().upstreams("web").update(List.of(one, two), Leaving.keep());
        bed.connect(proxy).expect("two");

        assertThat(prepared).containsExactly(List.of("one", "two"), List.of("one", "two"));
        assertThat(threads).noneMatch(name -> name.contains("-worker-"));
    }

    private Upstream greeting(String name) throws Exception {
        TcpServer greeting = bed.server(client -> client.send(name));
        return Upstream.of(greeting.hostPort()).id(name);
    }

    /** The value is immutable: what one server prepares, another one does not see. */
    @Test
    void aGroupInTwoServersIsPreparedForEach() throws Exception {
        List<List<String>> prepared = Collections.synchronizedList(new ArrayList<>());
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        Upstreams group =
                Upstreams.of(List.of(greeting("one"), greeting("two"))).select(new Preparing(prepared, threads, 0));
        StartedProxy first = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(group));
        StartedProxy second = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(group));
        first.server().upstreams("web").update(group.members(), Leaving.keep());

        bed.connect(first).expect("two");
        bed.connect(second).expect("one");

        assertThat(prepared).hasSize(3);
    }

    @Test
    void anUpdateThatCannotBePreparedChangesNothing() throws Exception {
        UpstreamSelector once = new UpstreamSelector() {
            @Override
            public int select(Candidates candidates, FlowInfo flow) {
                return 0;
            }

            @Override
            public UpstreamSelector prepare(List<Upstream> members) {
                if (members.isEmpty()) {
                    throw new IllegalStateException("no table without members");
                }
                return this;
            }
        };
        StartedProxy proxy = started(once);
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        assertThatThrownBy(() -> proxy.server().upstreams("web").update(List.of(), Leaving.close()))
                .hasStackTraceContaining("no table without members");

        client.send("still").expect("still");
        bed.connect(proxy).send("new").expect("new");
    }

    @Test
    void aCandidateThatThereIsNotIsNotAskedAbout() throws Exception {
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        StartedProxy proxy = started((candidates, flow) -> {
            for (int place : new int[] {-1, candidates.size()}) {
                try {
                    candidates.usable(place);
                } catch (IndexOutOfBoundsException e) {
                    failures.add(e);
                }
            }
            return 0;
        });

        bed.connect(proxy).send("hello").expect("hello");

        assertThat(failures).hasSize(2);
    }
}
