package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.CloseReason;
import dev.sluice.FlowInfo;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.Transport;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.buffer.Stalled;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.route.Admission;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.route.Parties;
import dev.sluice.nio.route.Permits;
import dev.sluice.nio.socket.Sockets;
import dev.sluice.nio.tcp.TcpListener;
import dev.sluice.nio.tcp.TcpSettings;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.udp.SharedPort;
import dev.sluice.nio.udp.UdpSettings;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Member;
import dev.sluice.nio.upstream.Names;
import dev.sluice.nio.worker.Worker;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is done over and over makes no garbage. The engine's own classes are turned by the thread of the test, whose
 * allocation is measured over so many operations that a byte each would show.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class AllocationTest {
    private static final int OPERATIONS = 5_000;
    /** The JVM allocates too, for a class it loads or a method it compiles: one round without is enough. */
    private static final int MOST_ROUNDS = 20;

    private static final Duration IDLE = Duration.ofSeconds(10);
    /** How far the clock goes on with each operation: a flow's timer fires at every fifth and is armed again. */
    private static final long STEP = IDLE.toNanos() / 4;

    private static final int BUDGET = 8 * Buffers.HUGE;
    private static final InetSocketAddress ANY_PORT = Family.IPV4.socketAddress(0);

    @FunctionalInterface
    private interface Operation {
        void run() throws IOException;
    }

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Worker worker = new Worker(0, 1, Sockets.system(), this::time, new BufferBudget(BUDGET));
    private final Admission admission =
            new Admission(Route.tcp("measured").listen(0).to("127.0.0.1:1"), new Permits(Integer.MAX_VALUE));
    private final Lane lane = new Lane("measured", worker, admission, new Events(null));
    private final Names names = new Names(host -> List.of(), Runnable::run);
    private Listener listener;
    private long nanos;
    private long count;
    private Object kept;

    AllocationTest() throws IOException {}

    private long time() {
        return nanos;
    }

    private void turn() {
        worker.loop().runOnce();
    }

    private void open(Listener made) throws IOException {
        listener = made;
        listener.open();
    }

    @AfterEach
    void end() {
        if (listener != null) {
            assertThat(lane.size()).as("the flow lives").isEqualTo(1);
            lane.endFlows(Leaving.close(), CloseReason.SHUTDOWN);
            while (lane.size() > 0) {
                turn();
            }
            listener.retire();
            while (!listener.isClosed()) {
                turn();
            }
        }
        worker.loop().end();
    }

    /** Bytes for each operation: in the best round, after one that is not measured. */
    private double bytesOf(Operation operation) throws IOException {
        run(operation);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < MOST_ROUNDS && least >= OPERATIONS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            run(operation);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return (double) least / OPERATIONS;
    }

    private static void run(Operation operation) throws IOException {
        for (int i = 0; i < OPERATIONS; i++) {
            operation.run();
        }
    }

    private void expectNone(Operation operation) throws IOException {
        assertThat(bytesOf(operation)).as("bytes for each").isLessThan(1);
    }

    @Test
    void whatIsAllocatedIsSeen() throws IOException {
        assertThat(bytesOf(() -> kept = new Object())).isBetween(8.0, 17.0);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, Buffers.SMALL})
    void aReadAndAWriteOfAConnection(int bytes) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(ANY_PORT)) {
            server.configureBlocking(false);
            var route = Route.tcp("measured").listen(0).idleTimeout(IDLE).to(address(server.getLocalAddress()));
            open(new TcpListener(
                    worker.sockets().listenStream(ANY_PORT, 1, (channel, place) -> {}),
                    List.of(lane),
                    TcpSettings.of(route, new Group(route.upstreams(), 1, change -> {}), names, null)));
            try (SocketChannel client = SocketChannel.open(listener.address());
                    SocketChannel upstream = accept(server)) {
                client.configureBlocking(false);
                upstream.configureBlocking(false);

                expectNoneBothWays(client, upstream, bytes);
            }
        }
    }

    private SocketChannel accept(ServerSocketChannel server) throws IOException {
        SocketChannel accepted = server.accept();
        while (accepted == null) {
            turn();
            accepted = server.accept();
        }
        return accepted;
    }

    /** Of one sender; where senders take turns the JDK makes an address for each datagram. */
    @Test
    void aDatagramAndItsAnswer() throws IOException {
        try (DatagramChannel upstream = datagrams();
                DatagramChannel client = datagrams()) {
            var route = Route.udp("measured").listen(0).idleTimeout(IDLE).to(address(upstream.getLocalAddress()));
            open(new SharedPort()
                    .listener(
                            worker.sockets().listenDatagram(ANY_PORT, 1 << 20),
                            lane,
                            UdpSettings.of(route, new Group(route.upstreams(), 1, change -> {}), names, null)));
            client.connect(listener.address());
            upstream.connect(session(client, upstream));

            expectNoneBothWays(client, upstream, 64);
        }
    }

    private static DatagramChannel datagrams() throws IOException {
        DatagramChannel channel = DatagramChannel.open().bind(ANY_PORT);
        channel.configureBlocking(false);
        return channel;
    }

    /** Opens the session, and says where its datagrams come from. */
    private SocketAddress session(DatagramChannel client, DatagramChannel upstream) throws IOException {
        client.write(ByteBuffer.allocate(1));
        SocketAddress session = null;
        while (session == null) {
            turn();
            session = upstream.receive(ByteBuffer.allocate(1));
        }
        return session;
    }

    private void expectNoneBothWays(ByteChannel client, ByteChannel upstream, int bytes) throws IOException {
        ByteBuffer sent = ByteBuffer.allocateDirect(bytes);
        ByteBuffer received = ByteBuffer.allocateDirect(bytes);
        long most = 1 + boxOfADescriptor();
        assertThat(bytesOf(() -> pass(client, upstream, sent.clear(), received.clear())))
                .as("bytes for each to the upstream")
                .isLessThan(most);
        assertThat(bytesOf(() -> pass(upstream, client, sent.clear(), received.clear())))
                .as("bytes for each to the client")
                .isLessThan(most);
    }

    /** The JDK's selector looks up each event's key by its descriptor, and has to box one above 127. */
    private static long boxOfADescriptor() {
        String[] descriptors = new File("/proc/self/fd").list();
        return Stream.of(descriptors).mapToInt(Integer::parseInt).max().orElseThrow() > 127 ? 16 : 0;
    }

    private void pass(ByteChannel from, ByteChannel to, ByteBuffer sent, ByteBuffer received) throws IOException {
        nanos += STEP;
        while (sent.hasRemaining()) {
            from.write(sent);
        }
        while (received.hasRemaining()) {
            turn();
            if (to.read(received) < 0) {
                throw new EOFException("the stream was cut off");
            }
        }
    }

    private static String address(SocketAddress bound) {
        return "127.0.0.1:" + ((InetSocketAddress) bound).getPort();
    }

    /** Small rests are copied, large ones keep their buffer. */
    @ParameterizedTest
    @ValueSource(ints = {64, Buffers.LARGE, Buffers.HUGE})
    void aRestThatIsHeldUntilItIsWritten(int bytes) throws IOException {
        Buffers buffers = worker.buffers();
        Stalled.Holder nobody = () -> {};

        expectNone(() -> {
            buffers.scratch(bytes);
            buffers.release(buffers.holdScratch(nobody, nanos));
        });
    }

    @Test
    void aTimerThatFiresAndIsArmedAgain() throws IOException {
        Timer[] timer = new Timer[1];
        timer[0] = new Timer(() -> {
            count++;
            worker.timers().armNoLaterThan(timer[0], worker.now() + STEP);
        });
        worker.timers().arm(timer[0], worker.now());

        expectNone(() -> {
            nanos += STEP;
            turn();
        });
        assertThat(count).as("fired").isGreaterThanOrEqualTo(OPERATIONS);
    }

    @Test
    void aTimerThatIsMovedAndCancelled() throws IOException {
        Timer other = new Timer(() -> {});
        Timer timer = new Timer(() -> {});
        worker.timers().arm(other, STEP);

        expectNone(() -> {
            worker.timers().arm(timer, STEP + 1);
            worker.timers().armNoLaterThan(timer, STEP - 1);
            worker.timers().cancel(timer);
        });
    }

    @Test
    void aTaskOfTheInbox() throws IOException {
        Runnable task = () -> count++;

        expectNone(() -> {
            worker.submit(task);
            turn();
        });
        assertThat(count).as("ran").isGreaterThanOrEqualTo(OPERATIONS);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000})
    void aPick(int members) throws IOException {
        FlowInfo flow = new Parties("measured", Transport.TCP, ANY_PORT, ANY_PORT);
        List<Upstream> all = IntStream.rangeClosed(1, members)
                .mapToObj(port -> Upstream.of("127.0.0.1:" + port))
                .toList();
        for (UpstreamSelector selector : List.of(
                UpstreamSelector.roundRobin(),
                UpstreamSelector.leastConnections(),
                UpstreamSelector.twoChoices(),
                UpstreamSelector.random(),
                UpstreamSelector.failover())) {
            Group group = new Group(Upstreams.of(all).select(selector), 1, change -> {});

            assertThat(bytesOf(() -> {
                        Member picked = lane.pick(group, flow, List.of(), null);
                        picked.release();
                        kept = picked;
                    }))
                    .as("bytes for each pick by %s", selector)
                    .isLessThan(1);
            assertThat(kept).isNotNull();
        }
    }
}
