package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.Route;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.Crowd;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.Testbed;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands at once: idle, stalled and busy ones, and a flood of new ones. The upstream is in a process of its own. */
class ManyFlowsTest {
    private static final int IDLE = 3_920;
    private static final int STALLED = 40;
    private static final int BUSY = 40;
    private static final int FLOWS = IDLE + STALLED + BUSY;
    private static final int THREADS = 4;
    /** Less than a large buffer for each of the stalled. */
    private static final int BUDGET = 3 << 20;

    /** What the stalled hold at least, each a small buffer; how much does not fit is up to the kernel. */
    private static final int HELD = STALLED * Buffers.SMALL;

    private static final int PIECE = 64 * 1024;
    /** More than the kernel takes, by default, for one that does not read. */
    private static final long MUCH = 6_000_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final AtomicBoolean stop = new AtomicBoolean();
    private StartedProxy proxy;
    private List<TcpPeer> idle;
    /** How many rounds each thread has made. */
    private List<AtomicLong> busy;

    private List<AtomicLong> flood;
    /** What has gone wrong behind the scenes. */
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private List<TcpPeer> open(int count) throws Exception {
        List<Future<List<TcpPeer>>> parts = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            parts.add(bed.fork(() -> {
                List<TcpPeer> part = new ArrayList<>();
                for (int j = 0; j < count / THREADS; j++) {
                    part.add(bed.connect(proxy).send("hello").expect("hello"));
                }
                return part;
            }));
        }
        List<TcpPeer> all = new ArrayList<>();
        for (Future<List<TcpPeer>> part : parts) {
            all.addAll(Await.result(part));
        }
        return all;
    }

    /** Sends more to an upstream that does not read than the kernel takes for it. */
    private void press(List<TcpPeer> clients) throws Exception {
        for (TcpPeer client : clients) {
            client.send(Crowd.STALL).socket().setSendBufferSize(PIECE);
            client.socket().getChannel().configureBlocking(false);
        }
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        long[] sent = new long[clients.size()];
        repeat(() -> {
            for (int i = 0; i < sent.length; i++) {
                SocketChannel channel = clients.get(i).socket().getChannel();
                sent[i] += sent[i] > MUCH ? 0 : channel.write(piece.clear());
            }
            LockSupport.parkNanos(1_000_000);
            return null;
        });
        await("all that stall hold something", () -> held() >= HELD);
        Await.standstill(this::held);
    }

    private long held() {
        return proxy.server().metrics().bufferBytesHeld();
    }

    /** Repeats until the end, and tells how often. */
    private AtomicLong repeat(Callable<Void> round) {
        AtomicLong rounds = new AtomicLong();
        bed.fork(() -> {
            try {
                while (!stop.get()) {
                    round.call();
                    rounds.incrementAndGet();
                }
            } catch (Exception | AssertionError e) {
                failures.add(e);
            }
            return null;
        });
        return rounds;
    }

    private void await(String what, BooleanSupplier condition) {
        Await.until(what, () -> condition.getAsBoolean() || !failures.isEmpty());
        assertThat(failures).isEmpty();
    }

    private List<AtomicLong> talk(List<TcpPeer> clients) {
        List<AtomicLong> rounds = new ArrayList<>();
        int each = clients.size() / THREADS;
        for (int i = 0; i < THREADS; i++) {
            List<TcpPeer> part = clients.subList(i * each, (i + 1) * each);
            rounds.add(repeat(() -> {
                for (TcpPeer client : part) {
                    client.send("busy busy busy");
                }
                for (TcpPeer client : part) {
                    client.expect("busy busy busy");
                }
                return null;
            }));
        }
        return rounds;
    }

    private Void comeAndGo() throws Exception {
        try (TcpPeer client = TcpPeer.connect(proxy.address())) {
            client.send("new").expect("new").reset();
        }
        return null;
    }

    private void openAll(int workers) throws Exception {
        ChildJvm upstream = bed.own(ChildJvm.start(ChildJvm.testClass("off", Crowd.class)));
        int port = Integer.parseInt(upstream.readLine());
        proxy = bed.start(
                builder -> builder.workers(workers).bufferBudget(BUDGET),
                Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:" + port));
        List<TcpPeer> all = open(FLOWS);
        idle = all.subList(0, IDLE);
        press(all.subList(IDLE, IDLE + STALLED));
        busy = talk(all.subList(IDLE + STALLED, FLOWS));
        flood = List.of(repeat(this::comeAndGo), repeat(this::comeAndGo));
        bed.own((AutoCloseable) () -> stop.set(true));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void idleStalledAndBusyOnesLiveTogetherUnderAFloodOfNewOnes(int workers) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        openAll(workers);

        for (int i = 0; i < 100; i++) {
            idle.get(random.nextInt(IDLE)).send("still here").expect("still here");
            assertThat(held()).as("held, seed %d", seed).isBetween((long) HELD, (long) BUDGET);
        }
        busy.forEach(each -> await("the busy ones progress", () -> each.get() >= 100));
        flood.forEach(each -> await("the new ones are served", () -> each.get() >= 200));

        assertThat(proxy.metrics().active()).isGreaterThanOrEqualTo(FLOWS);
        assertThat(proxy.metrics().ended(CloseReason.BUFFER_BUDGET)).isZero();
        assertThat(held()).isBetween((long) HELD, (long) BUDGET);
    }
}
