package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.nio.socket.Loopback.Connection;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Who sees a reset when, and which bytes it destroys. */
@EnabledOnOs(OS.LINUX)
@Timeout(10)
final class ResetFactsTest {

    private static final int MEGABYTES = 4 << 20;

    private static final long LONG_MILLIS = TimeUnit.SECONDS.toMillis(5);

    @AutoClose
    private final Selector selector = Selector.open();

    @AutoClose
    private final Connection connection = Connection.open();

    private final SocketChannel near = connection.near();
    private final SocketChannel far = connection.far();

    ResetFactsTest() throws IOException {}

    @Test
    void aChannelWithoutInterestDoesNotSeeAReset() throws IOException {
        SelectionKey key = near.register(selector, SelectionKey.OP_READ);
        selector.selectNow();
        key.interestOps(0);
        far.write(ByteBuffer.allocate(100));
        reset(far);

        assertThat(selector.select(Loopback.SILENCE_MILLIS)).isZero();

        key.interestOps(SelectionKey.OP_READ);
        assertThat(selector.select()).isOne();
    }

    @Test
    void aChannelWithWriteInterestAloneSeesAReset() throws IOException {
        fill(near);
        SelectionKey key = near.register(selector, SelectionKey.OP_WRITE);
        assertThat(selector.selectNow()).isZero();

        reset(far);

        assertThat(selector.select()).isOne();
        assertThat(key.isWritable()).isTrue();
        assertThatThrownBy(() -> near.write(ByteBuffer.allocate(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("Connection reset by peer");
    }

    @Test
    void whatArrivedBeforeTheResetStaysReadable() throws IOException {
        far.write(ByteBuffer.allocate(100));
        reset(far);

        assertThat(readSlowlyToReset(near)).isEqualTo(100);
    }

    @Test
    void aResetDestroysWhatTheKernelHasNotSent() throws IOException {
        long sent = fill(near);

        reset(near);

        assertThat(readSlowlyToReset(far)).isLessThan(sent);
    }

    @Test
    void writeReadinessOfTheSmallestSendBufferWaitsUntilThePeerHasRead() throws IOException {
        fill(near);
        near.register(selector, SelectionKey.OP_WRITE);

        near.setOption(StandardSocketOptions.SO_SNDBUF, 1);

        assertThat(selector.select(Loopback.SILENCE_MILLIS)).isZero();
        Loopback.await("write readiness", () -> {
            far.read(ByteBuffer.allocate(1 << 16));
            return selector.selectNow() == 1;
        });
    }

    @Test
    void aResetAtThatReadinessDestroysOneSegmentsRestAtMost() throws Exception {
        assertThat(receivedWhenResetAfterReadinessAnd(0)).isBetween(MEGABYTES - 4096L, (long) MEGABYTES);
    }

    @Test
    void aResetAMomentAfterThatReadinessDestroysNothing() throws Exception {
        // The rest waits for a peer that had no room left to make some. This one needs a few milliseconds for it.
        assertThat(receivedWhenResetAfterReadinessAnd(200)).isEqualTo(MEGABYTES);
    }

    @Test
    void theKernelClampsTheSendBufferToAboutTwoKibibytes() throws IOException {
        near.setOption(StandardSocketOptions.SO_SNDBUF, 1);

        assertThat(near.getOption(StandardSocketOptions.SO_SNDBUF)).isBetween(1024, 8192);
    }

    @Test
    void aWriteThatMeetsBrokenPipeLeavesTheWholeAnswerAndItsEndReadable() throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(100_000);
        far.write(answer);
        assertThat(answer.hasRemaining()).isFalse();
        far.close();

        assertThat(failureOfWriting(near)).hasMessage("Broken pipe");

        assertThat(Loopback.readToEnd(near)).isEqualTo(100_000);
    }

    @Test
    void aWriteThatMeetsAResetTurnsTheTruncatedAnswerIntoOneThatLooksComplete() throws IOException {
        long sent = fill(far);
        far.close();

        // The end waits behind the unsent part of the answer, so the write meets a reset, which is told but once.
        assertThat(failureOfWriting(near)).hasMessage("Connection reset by peer");

        assertThat(Loopback.readToEnd(near)).isPositive().isLessThan(sent);
    }

    /** Writes megabytes to a slow reader and then resets the connection: says how much of them the reader got. */
    private long receivedWhenResetAfterReadinessAnd(long moreMillis) throws Exception {
        CompletableFuture<Long> received = CompletableFuture.supplyAsync(() -> readSlowlyToReset(far));
        SelectionKey key = near.register(selector, SelectionKey.OP_WRITE);
        ByteBuffer buffer = ByteBuffer.allocateDirect(MEGABYTES);
        while (buffer.hasRemaining()) {
            assertThat(selector.select(LONG_MILLIS)).isOne();
            selector.selectedKeys().clear();
            near.write(buffer);
        }
        near.setOption(StandardSocketOptions.SO_SNDBUF, 1);
        assertThat(selector.select(LONG_MILLIS)).isOne();
        key.cancel();
        selector.selectNow();
        if (moreMillis > 0) {
            selector.select(moreMillis);
        }
        reset(near);
        return received.get();
    }

    /** The first write is answered with a reset, the peer's socket being gone; a later one meets it. */
    private static IOException failureOfWriting(SocketChannel channel) {
        return Loopback.awaitPresent("a write to fail", () -> {
            try {
                channel.write(ByteBuffer.allocate(1));
                return null;
            } catch (IOException e) {
                return e;
            }
        });
    }

    private static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    /** Writes until the kernel takes no more, and says how much it took. */
    private static long fill(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
        long total = 0;
        for (int n = channel.write(buffer); n > 0; n = channel.write(buffer.clear())) {
            total += n;
        }
        return total;
    }

    private static long readSlowlyToReset(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 14);
        long total = 0;
        try {
            while (true) {
                int n = channel.read(buffer.clear());
                assertThat(n).as("no end of stream").isNotNegative();
                total += n;
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException e) {
            assertThat(e).hasMessage("Connection reset");
            return total;
        }
    }
}
