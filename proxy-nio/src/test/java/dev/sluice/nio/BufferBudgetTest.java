package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a server holds for receivers that stall, and what it does when that is too much. */
class BufferBudgetTest {
    private static final long SEED = 11;
    /** The smallest budget there is: four large buffers. */
    private static final int BUDGET = 1 << 20;

    private static final int LARGE = 256 * 1024;
    private static final int SMALL = 16 * 1024;
    private static final int SMALL_BUFFER = 8 * 1024;
    private static final int PAIRS = 80;

    @RegisterExtension
    final Testbed bed = new Testbed();

    /** A flow to an upstream that reads nothing, and what its client could send all the same. */
    private record Stalled(TcpPeer client, TcpPeer upstream, Payload sent) {
        InetSocketAddress address() {
            return BufferBudgetTest.address(client);
        }
    }

    private static InetSocketAddress address(TcpPeer client) {
        return (InetSocketAddress) client.socket().getLocalSocketAddress();
    }

    private final List<Stalled> stalled = new ArrayList<>();
    /** Which of the workers has the flow of a client. */
    private final Map<InetSocketAddress, String> workerOf = new ConcurrentHashMap<>();

    private TcpServer server;
    private TcpServer echo;
    private StartedProxy proxy;

    @BeforeEach
    void servers() throws Exception {
        server = bed.server().receiveBuffer(SMALL_BUFFER);
        echo = bed.server(TcpServer::echo);
    }

    private void start(int workers) {
        proxy = bed.start(
                builder -> builder.workers(workers).bufferBudget(BUDGET),
                Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(server.hostPort()).select((candidates, flow) -> {
                            workerOf.put(flow.client(), Thread.currentThread().getName());
                            return 0;
                        })),
                Route.tcp("echo").listen("127.0.0.1", 0).to(echo.hostPort()));
    }

    private long held() {
        return proxy.server().metrics().bufferBytesHeld();
    }

    private List<InetSocketAddress> evicted() {
        return proxy.log().ended().stream()
                .filter(end -> end.reason() == CloseReason.BUFFER_BUDGET)
                .map(end -> end.info().client())
                .toList();
    }

    private Iterator<Testbed.Pair> pairs(int count) throws IOException {
        List<Testbed.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(bed.pair(proxy, server));
        }
        return pairs.iterator();
    }

    /** Stalls so many more at once, which then hold at least a small buffer each. */
    private void stall(Iterator<Testbed.Pair> pairs, int count) throws Exception {
        long least = held() + (long) count * SMALL;
        List<Future<Stalled>> more = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Testbed.Pair pair = pairs.next();
            more.add(bed.fork(() -> new Stalled(
                    pair.client(),
                    pair.upstream(),
                    pair.client().fill(SEED, () -> held() >= least || !evicted().isEmpty()))));
        }
        for (Future<Stalled> each : more) {
            stalled.add(Await.result(each));
        }
        assertThat(held()).isLessThanOrEqualTo(BUDGET);
    }

    /** Stalls one after the other until more than so many bytes are held. */
    private void stallUntilHeld(long bytes, Iterator<Testbed.Pair> pairs) throws Exception {
        while (held() <= bytes) {
            stall(pairs, 1);
        }
    }

    @Test
    void overHalfOfItReadsShrink() throws Exception {
        start(1);
        Iterator<Testbed.Pair> pairs = pairs(PAIRS / 2);
        stallUntilHeld(BUDGET / 2, pairs);
        long before = held();

        stall(pairs, 4);

        assertThat(held()).isEqualTo(before + 4 * SMALL);
        assertThat(evicted()).isEmpty();
    }

    @Test
    void whenItIsFullTheFlowStalledLongestIsResetAndTheOthersGoOn() throws Exception {
        start(1);
        Iterator<Testbed.Pair> pairs = pairs(PAIRS);
        stallUntilHeld(BUDGET / 2, pairs);
        int inOrder = stalled.size();
        TcpPeer other = bed.connect(proxy.server().route("echo").localAddress());
        while (evicted().isEmpty()) {
            stall(pairs, 5);
            other.send("busy").expect("busy");
        }

        Await.until("all is told", () -> evicted().size() == proxy.metrics().ended(CloseReason.BUFFER_BUDGET));

        List<InetSocketAddress> evicted = evicted();
        assertThat(evicted)
                .isEqualTo(stalled.subList(0, Math.min(inOrder, evicted.size())).stream()
                        .map(Stalled::address)
                        .toList());
        for (Stalled each : stalled.subList(0, evicted.size())) {
            each.client().expectReset();
            each.upstream().receiveUntilReset();
        }
        // One after the other: together they would read larger pieces again, and fill the budget once more.
        for (Stalled each : stalled.subList(evicted.size(), evicted.size() + 4)) {
            assertThat(Payload.receive(each.upstream().in(), each.sent().bytes()))
                    .isEqualTo(each.sent());
        }
        assertThat(proxy.metrics().active()).isEqualTo(PAIRS - evicted.size());
    }

    /** There must be room for what the next one may need. */
    @Test
    void whenItIsNearlyFullAcceptingPausesAndTheFlowStalledLongestMakesRoom() throws Exception {
        start(1);
        Iterator<Testbed.Pair> pairs = pairs(PAIRS / 2);
        stallUntilHeld(BUDGET - LARGE, pairs);

        bed.connect(proxy.server().route("echo").localAddress()).send("new").expect("new");

        assertThat(proxy.server().route("echo").metrics().acceptPauses()).isPositive();
        Await.until("it is told", () -> !evicted().isEmpty());
        assertThat(evicted()).first().isEqualTo(stalled.get(0).address());
        assertThat(held()).isLessThanOrEqualTo(BUDGET - LARGE);
        assertThat(proxy.log().ended()).extracting(FlowEnd::reason).containsOnly(CloseReason.BUFFER_BUDGET);
    }

    /** Else a flow would be reset for having been stalled just now. */
    @Test
    void theFlowStalledLongestIsResetWhicheverWorkerHasIt() throws Exception {
        start(2);
        List<Testbed.Pair> both = new ArrayList<>();
        pairs(PAIRS).forEachRemaining(both::add);
        Iterator<Testbed.Pair> early = of("worker-0", both);
        stallUntilHeld(BUDGET / 2, early);
        while (held() < BUDGET) {
            stall(early, (int) Math.min(5, (BUDGET - held()) / SMALL));
        }
        assertThat(evicted()).isEmpty();

        Testbed.Pair late = of("worker-1", both).next();
        bed.fork(() -> late.client().fill(SEED));
        Await.until("one is reset", () -> !evicted().isEmpty());

        assertThat(evicted()).first().isEqualTo(stalled.get(0).address());
    }

    private Iterator<Testbed.Pair> of(String worker, List<Testbed.Pair> pairs) {
        return pairs.stream()
                .filter(pair -> workerOf.get(address(pair.client())).endsWith(worker))
                .iterator();
    }
}
