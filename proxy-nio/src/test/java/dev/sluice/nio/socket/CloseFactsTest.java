package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.nio.socket.Loopback.Connection;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** When a closed channel is closed: a registered one not before a select has flushed its key. */
@EnabledOnOs(OS.LINUX)
@Timeout(10)
final class CloseFactsTest {

    @AutoClose
    private final Selector selector = Selector.open();

    @AutoClose
    private final Connection connection = Connection.open();

    private final SocketChannel near = connection.near();
    private final SocketChannel far = connection.far();

    CloseFactsTest() throws IOException {}

    @Test
    void aResetLeavesWithTheNextSelect() throws IOException {
        near.register(selector, SelectionKey.OP_READ);
        near.setOption(StandardSocketOptions.SO_LINGER, 0);

        near.close();
        assertThat(near.isOpen()).isFalse();
        assertThat(Loopback.readableWithin(Loopback.SILENCE_MILLIS, far)).isFalse();

        selector.selectNow();
        assertReset(far);
    }

    @Test
    void anEndLeavesAtOnceButTheSocketStaysUntilTheNextSelect() throws IOException {
        near.register(selector, SelectionKey.OP_READ);

        near.close();
        assertThat(Loopback.readToEnd(far)).isZero();
        // Still open: what arrives is taken. A closed socket answers it with a reset.
        far.write(ByteBuffer.allocate(1));
        far.write(ByteBuffer.allocate(1));

        selector.selectNow();
        Loopback.await("the socket to be closed", () -> writeFails(far));
    }

    @Test
    void aCloseMadeOnTheLoopLeavesWithItsNextBlockingSelect() throws Exception {
        near.register(selector, SelectionKey.OP_READ);
        near.setOption(StandardSocketOptions.SO_LINGER, 0);

        CompletableFuture<Integer> loop = CompletableFuture.supplyAsync(() -> {
            assertThatCode(near::close).doesNotThrowAnyException();
            return selectUntilWoken();
        });
        assertReset(far);
        assertThat(loop).isNotDone();

        selector.wakeup();
        assertThat(loop.get()).isZero();
    }

    @Test
    void aCloseMadeOnAnotherThreadWaitsUntilTheSelectReturns() throws Exception {
        near.register(selector, SelectionKey.OP_READ);
        near.setOption(StandardSocketOptions.SO_LINGER, 0);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<Integer> loop = CompletableFuture.supplyAsync(() -> {
            thread.complete(Thread.currentThread());
            return selectUntilWoken();
        });
        Thread loopThread = thread.get();
        Loopback.await("the loop to block", () -> isInEpollWait(loopThread));

        near.close();
        assertThat(Loopback.readableWithin(Loopback.SILENCE_MILLIS, far)).isFalse();

        selector.wakeup();
        assertReset(far);
        assertThat(loop.get()).isZero();
    }

    @Test
    void aCancelledKeyStillHoldsTheSocketUntilItIsFlushed() throws IOException {
        SelectionKey key = near.register(selector, SelectionKey.OP_READ);
        near.setOption(StandardSocketOptions.SO_LINGER, 0);

        key.cancel();
        assertThat(near.isRegistered()).isTrue();
        near.close();
        assertThat(Loopback.readableWithin(Loopback.SILENCE_MILLIS, far)).isFalse();

        selector.selectNow();
        assertReset(far);
    }

    @Test
    void afterTheKeyIsFlushedACloseSendsTheEndAtOnce() throws IOException {
        near.register(selector, SelectionKey.OP_READ).cancel();
        selector.selectNow();
        assertThat(near.isRegistered()).isFalse();

        near.close();
        assertThat(Loopback.readToEnd(far)).isZero();
        Loopback.await("the socket to be closed", () -> writeFails(far));
    }

    @Test
    void afterTheKeyIsFlushedACloseSendsTheResetAtOnce() throws IOException {
        near.register(selector, SelectionKey.OP_READ).cancel();
        selector.selectNow();
        near.setOption(StandardSocketOptions.SO_LINGER, 0);

        near.close();
        assertReset(far);
    }

    @Test
    void aClosedListenerAcceptsUntilTheNextSelect() throws IOException {
        ServerSocketChannel listener = Loopback.listener();
        SocketAddress address = listener.getLocalAddress();
        listener.register(selector, SelectionKey.OP_ACCEPT);

        listener.close();
        try (SocketChannel client = Loopback.socket()) {
            client.connect(address);
            Loopback.await("the client to be connected", client::finishConnect);
            assertThatThrownBy(() -> bind(address)).isInstanceOf(BindException.class);

            selector.selectNow();
            assertReset(client);
        }
        bind(address);
    }

    private int selectUntilWoken() {
        try {
            return selector.select(key -> {}, 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isInEpollWait(Thread thread) {
        StackTraceElement[] trace = thread.getStackTrace();
        return trace.length > 0
                && trace[0].getClassName().equals("sun.nio.ch.EPoll")
                && trace[0].getMethodName().equals("wait");
    }

    private static boolean writeFails(SocketChannel channel) {
        try {
            channel.write(ByteBuffer.allocate(1));
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void assertReset(SocketChannel channel) {
        assertThatThrownBy(() -> Loopback.readToEnd(channel))
                .isInstanceOf(SocketException.class)
                .hasMessage("Connection reset");
    }

    private static void bind(SocketAddress address) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(address);
        }
    }
}
