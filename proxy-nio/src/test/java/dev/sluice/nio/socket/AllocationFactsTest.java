package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.nio.socket.Loopback.Connection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Iterator;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Which calls of the data path make garbage: measured over a thousand, so that a byte each would show. */
@EnabledOnOs(OS.LINUX)
@Timeout(10)
final class AllocationFactsTest {

    private static final int TIMES = 1_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(100);

    @AutoClose
    private final Selector selector = Selector.open();

    @AutoClose
    private final Connection connection = Connection.open();

    @AutoClose
    private final DatagramChannel listener = Loopback.boundDatagrams();

    @AutoClose
    private final DatagramChannel client = Loopback.boundDatagrams();

    @AutoClose
    private final DatagramChannel otherClient = Loopback.boundDatagrams();

    AllocationFactsTest() throws IOException {}

    @Test
    void aSelectWithAConsumerMakesNone() throws IOException {
        connection.near().register(selector, SelectionKey.OP_WRITE);
        Consumer<SelectionKey> ignore = key -> {};

        assertThat(bytesOf(() -> selector.select(ignore, 1_000))).isZero();
        assertThat(bytesOf(() -> selector.selectNow(ignore))).isZero();
    }

    @Test
    void aSelectWithAnIteratorMakesSome() throws IOException {
        connection.near().register(selector, SelectionKey.OP_WRITE);

        assertThat(bytesOf(() -> {
                    selector.select(1_000);
                    Iterator<SelectionKey> selected = selector.selectedKeys().iterator();
                    selected.next();
                    selected.remove();
                }))
                .isPositive();
    }

    @Test
    void aChangeOfInterestMakesNone() throws IOException {
        SelectionKey key = connection.near().register(selector, SelectionKey.OP_READ);
        Consumer<SelectionKey> ignore = ready -> {};

        assertThat(bytesOf(() -> {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    selector.selectNow(ignore);
                    key.interestOps(SelectionKey.OP_READ);
                    selector.selectNow(ignore);
                }))
                .isZero();
    }

    @Test
    void writingAndReadingAStreamMakeNone() {
        assertThat(bytesOf(() -> {
                    connection.near().write(buffer.clear());
                    connection.far().read(buffer.clear());
                }))
                .isZero();
    }

    @Test
    void askingAConnectionForItsAddressesMakesNone() {
        assertThat(bytesOf(() -> {
                    connection.near().getRemoteAddress();
                    connection.far().getLocalAddress();
                }))
                .isZero();
    }

    @Test
    void receivingFromOneSenderMakesNone() throws IOException {
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();

        assertThat(bytesOf(() -> {
                    client.send(buffer.clear(), address);
                    listener.receive(buffer.clear());
                }))
                .isZero();
    }

    @Test
    void receivingFromTwoSendersInTurnMakesAnAddressEach() throws IOException {
        InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();

        assertThat(bytesOf(() -> {
                    client.send(buffer.clear(), address);
                    listener.receive(buffer.clear());
                    otherClient.send(buffer.clear(), address);
                    listener.receive(buffer.clear());
                }))
                .isGreaterThan(2 * 40);
    }

    @Test
    void writingAndReadingAConnectedDatagramChannelMakeNone() throws IOException {
        try (DatagramChannel session = Loopback.connectedDatagrams(listener)) {
            listener.connect(session.getLocalAddress());

            assertThat(bytesOf(() -> {
                        session.write(buffer.clear());
                        listener.read(buffer.clear());
                    }))
                    .isZero();
        }
    }

    /** Bytes allocated by one run, in whole bytes: the least of several rounds, since the JVM allocates too. */
    private long bytesOf(Step step) {
        run(step);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            run(step);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least / TIMES;
    }

    private static void run(Step step) {
        try {
            for (int i = 0; i < TIMES; i++) {
                step.run();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }
}
