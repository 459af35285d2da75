package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.socket.Loopback.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What makes a select return, besides the events it waits for. */
@Timeout(10)
final class SelectFactsTest {

    private static final long LONG_MILLIS = TimeUnit.SECONDS.toMillis(5);

    @AutoClose
    private final Selector selector = Selector.open();

    SelectFactsTest() throws IOException {}

    @AfterEach
    void clearTheInterruptFlag() {
        Thread.interrupted();
    }

    @Test
    void anInterruptFlagLeftSetMakesEverySelectReturnAtOnce() throws IOException {
        Thread.currentThread().interrupt();

        for (int turn = 0; turn < 3; turn++) {
            assertThat(millisOfSelect(LONG_MILLIS)).isLessThan(LONG_MILLIS / 2);
        }
        assertThat(Thread.currentThread().isInterrupted()).isTrue();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(millisOfSelect(Loopback.SILENCE_MILLIS)).isGreaterThanOrEqualTo(Loopback.SILENCE_MILLIS - 1);
    }

    @Test
    void anInterruptFlagDoesNotCloseAChannelThatDoesNotBlock() throws IOException {
        try (Connection connection = Connection.open()) {
            Thread.currentThread().interrupt();

            assertThat(connection.near().read(ByteBuffer.allocate(1))).isZero();
            assertThat(connection.near().write(ByteBuffer.allocate(1))).isOne();
            assertThat(connection.near().isOpen()).isTrue();
            assertThat(connection.far().isOpen()).isTrue();
        }
    }

    @Test
    void aWakeUpBeforeTheSelectIsKeptForItAndManyAreOne() throws IOException {
        selector.wakeup();
        selector.wakeup();

        assertThat(millisOfSelect(LONG_MILLIS)).isLessThan(LONG_MILLIS / 2);
        assertThat(millisOfSelect(Loopback.SILENCE_MILLIS)).isGreaterThanOrEqualTo(Loopback.SILENCE_MILLIS - 1);
    }

    @Test
    void aChangeOfInterestHoldsFromTheNextSelect() throws IOException {
        try (Connection connection = Connection.open()) {
            SelectionKey key = connection.near().register(selector, 0);
            connection.far().write(ByteBuffer.allocate(1));
            assertThat(selector.select(Loopback.SILENCE_MILLIS)).isZero();

            key.interestOps(SelectionKey.OP_READ);
            assertThat(selector.selectNow()).isOne();

            selector.selectedKeys().clear();
            key.interestOps(0);
            assertThat(selector.selectNow()).isZero();
        }
    }

    private long millisOfSelect(long timeoutMillis) throws IOException {
        long start = System.nanoTime();
        assertThat(selector.select(key -> {}, timeoutMillis)).isZero();
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
