package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How a dial that does not block goes, and how it fails. */
@Timeout(10)
final class ConnectFactsTest {

    private static final long LONG_MILLIS = TimeUnit.SECONDS.toMillis(5);

    @AutoClose
    private final Selector selector = Selector.open();

    @AutoClose
    private final ServerSocketChannel listener = Loopback.listener();

    @AutoClose
    private final SocketChannel socket = Loopback.socket();

    ConnectFactsTest() throws IOException {}

    @Test
    void finishConnectIsFalseWhileTheConnectIsPending() throws IOException {
        try (FullListener full = FullListener.open()) {
            assertThat(socket.connect(full.address())).isFalse();

            assertThat(socket.finishConnect()).isFalse();
            assertThat(socket.isConnectionPending()).isTrue();
            // The local address is asked of the kernel when the connect has finished, not before.
            assertThat(socket.getLocalAddress()).isNull();
        }
    }

    @Test
    void connectReadinessIsToldOnceFinishedOrFailed() throws IOException {
        boolean atOnce = socket.connect(listener.getLocalAddress());
        if (!atOnce) {
            socket.register(selector, SelectionKey.OP_CONNECT);
            assertThat(selector.select(LONG_MILLIS)).isOne();
        }
        assertThat(socket.finishConnect()).isTrue();
        assertThat(socket.getLocalAddress()).isNotNull();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void connectInterestLeftSetAfterTheConnectMakesEverySelectReturnAtOnce() throws IOException {
        socket.connect(listener.getLocalAddress());
        SelectionKey key = socket.register(selector, SelectionKey.OP_CONNECT);
        selector.select(LONG_MILLIS);
        assertThat(socket.finishConnect()).isTrue();
        selector.selectedKeys().clear();

        long start = System.nanoTime();
        assertThat(selector.select(LONG_MILLIS)).isZero();
        assertThat(millisSince(start)).isLessThan(LONG_MILLIS / 2);

        key.interestOps(SelectionKey.OP_READ);
        start = System.nanoTime();
        assertThat(selector.select(Loopback.SILENCE_MILLIS)).isZero();
        assertThat(millisSince(start)).isGreaterThanOrEqualTo(Loopback.SILENCE_MILLIS - 1);
    }

    @Test
    void aRefusalIsToldByFinishConnectWhichClosesTheChannel() throws IOException {
        SocketAddress dead = listener.getLocalAddress();
        listener.close();

        assertThatThrownBy(() -> {
                    socket.connect(dead);
                    socket.register(selector, SelectionKey.OP_CONNECT);
                    selector.select(LONG_MILLIS);
                    socket.finishConnect();
                })
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(socket.isOpen()).isFalse();
        assertThatThrownBy(socket::finishConnect).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSocketThatConnectsToItselfHasEqualAddresses() throws IOException {
        socket.bind(Loopback.ANY_PORT);

        socket.connect(socket.getLocalAddress());
        Loopback.await("the connect to finish", socket::finishConnect);

        assertThat(socket.getLocalAddress()).isEqualTo(socket.getRemoteAddress());
    }

    @Test
    void anOrdinaryConnectionHasDifferentAddresses() throws IOException {
        socket.connect(listener.getLocalAddress());
        Loopback.await("the connect to finish", socket::finishConnect);

        assertThat(socket.getLocalAddress()).isNotEqualTo(socket.getRemoteAddress());
        assertThat(socket.getRemoteAddress()).isEqualTo(listener.getLocalAddress());
    }

    @Test
    void addressesAreKeptByTheChannelAndNotMadeAnew() throws IOException {
        SocketAddress remote = listener.getLocalAddress();
        socket.connect(remote);
        Loopback.await("the connect to finish", socket::finishConnect);

        assertThat(socket.getRemoteAddress()).isSameAs(remote);
        assertThat(socket.getLocalAddress()).isSameAs(socket.getLocalAddress());
        try (SocketChannel accepted = Loopback.awaitPresent("a client", listener::accept)) {
            assertThat(accepted.getRemoteAddress()).isSameAs(accepted.getRemoteAddress());
            assertThat(accepted.getLocalAddress()).isSameAs(accepted.getLocalAddress());
        }
    }

    @Test
    void anIpv4ChannelTakesNoIpv6Address() {
        assertThatThrownBy(() -> socket.connect(new InetSocketAddress("::1", 1)))
                .isInstanceOf(UnsupportedAddressTypeException.class);
        assertThat(socket.isOpen()).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aChannelWithoutFamilyTakesThePortOfBothFamilies() throws IOException {
        try (ServerSocketChannel either = ServerSocketChannel.open()) {
            either.bind(new InetSocketAddress(0));
            int port = ((InetSocketAddress) either.getLocalAddress()).getPort();

            try (ServerSocketChannel ipv4 = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
                assertThatThrownBy(() -> ipv4.bind(new InetSocketAddress("0.0.0.0", port)))
                        .isInstanceOf(BindException.class);
            }
            // An IPv4 client is served and shown as such, not as a mapped IPv6 address.
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            Loopback.await("the connect to finish", socket::finishConnect);
            try (SocketChannel accepted = either.accept()) {
                assertThat(accepted.getRemoteAddress()).isEqualTo(socket.getLocalAddress());
            }
        }
    }

    private static long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    /** A listener whose queue is full, so that the kernel leaves further clients unanswered. */
    private record FullListener(ServerSocketChannel listener, SocketChannel first, SocketChannel second)
            implements AutoCloseable {

        static FullListener open() throws IOException {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
            // The kernel lets one client more than the backlog in.
            listener.bind(Loopback.ANY_PORT, 1);
            SocketChannel first = Loopback.socket();
            SocketChannel second = Loopback.socket();
            for (SocketChannel client : new SocketChannel[] {first, second}) {
                client.connect(listener.getLocalAddress());
                Loopback.await("the connect to finish", client::finishConnect);
            }
            return new FullListener(listener, first, second);
        }

        SocketAddress address() throws IOException {
            return listener.getLocalAddress();
        }

        @Override
        public void close() throws IOException {
            first.close();
            second.close();
            listener.close();
        }
    }
}
