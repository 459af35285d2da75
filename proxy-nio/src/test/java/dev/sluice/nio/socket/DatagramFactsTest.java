package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A session's channel is connected to its upstream: what that changes for empty, oversize and unwanted datagrams. */
@EnabledOnOs(OS.LINUX)
@Timeout(10)
final class DatagramFactsTest {

    @AutoClose
    private final DatagramChannel upstream = Loopback.boundDatagrams();

    @AutoClose
    private final DatagramChannel session = Loopback.connectedDatagrams(upstream);

    private final ByteBuffer buffer = ByteBuffer.allocate(100);

    DatagramFactsTest() throws IOException {}

    @Test
    void aConnectedChannelReadsNothingAsZeroAndAnEmptyDatagramAsMinusOne() throws IOException {
        assertThat(session.read(buffer)).isZero();

        upstream.send(ByteBuffer.allocate(0), session.getLocalAddress());
        upstream.send(ByteBuffer.allocate(7), session.getLocalAddress());

        assertThat(awaitRead()).isEqualTo(-1);
        assertThat(awaitRead()).isEqualTo(7);
        assertThat(session.read(buffer)).isZero();
    }

    @Test
    void aConnectedChannelWritesNoEmptyDatagram() throws IOException {
        assertThat(session.write(ByteBuffer.allocate(0))).isZero();

        assertThat(Loopback.readableWithin(Loopback.SILENCE_MILLIS, upstream)).isFalse();
    }

    @Test
    void anUnconnectedChannelSendsAndReceivesEmptyDatagrams() throws IOException {
        try (DatagramChannel client = Loopback.boundDatagrams()) {
            assertThat(client.receive(buffer)).isNull();

            upstream.send(ByteBuffer.allocate(0), client.getLocalAddress());

            assertThat(awaitSender(client)).isEqualTo(upstream.getLocalAddress());
            assertThat(buffer.position()).isZero();
        }
    }

    @Test
    void anotherChannelOfTheSameAddressSendsTheEmptyDatagramOfAConnectedOne() throws IOException {
        SocketAddress address = session.getLocalAddress();
        session.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        try (DatagramChannel twin = Loopback.datagrams()) {
            twin.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);

            twin.send(ByteBuffer.allocate(0), upstream.getLocalAddress());
            assertThat(awaitSender(upstream)).isEqualTo(address);
            assertThat(buffer.position()).isZero();

            // The kernel prefers the connected channel, so that replies do not go astray meanwhile.
            upstream.send(ByteBuffer.allocate(5), address);
            assertThat(awaitRead()).isEqualTo(5);
            assertThat(twin.receive(buffer)).isNull();
        }
        session.write(ByteBuffer.allocate(6));
        assertThat(awaitSender(upstream)).isEqualTo(address);
        assertThat(buffer.position()).isEqualTo(6);
    }

    @Test
    void withoutTheOptionOnBothTheAddressIsInUse() throws IOException {
        SocketAddress address = session.getLocalAddress();
        try (DatagramChannel twin = Loopback.datagrams()) {
            twin.setOption(StandardSocketOptions.SO_REUSEADDR, true);

            assertThatThrownBy(() -> twin.bind(address)).isInstanceOf(BindException.class);
        }
    }

    @Test
    void aConnectedChannelTakesDatagramsOfItsPeerAlone() throws IOException {
        try (DatagramChannel stranger = Loopback.boundDatagrams()) {
            stranger.send(ByteBuffer.allocate(5), session.getLocalAddress());

            assertThat(Loopback.readableWithin(Loopback.SILENCE_MILLIS, session))
                    .isFalse();
        }
    }

    @Test
    void aDeadPortIsToldByTheNextReadOnce() throws IOException {
        upstream.close();
        session.write(ByteBuffer.allocate(1));

        assertThatThrownBy(this::awaitRead).isInstanceOf(PortUnreachableException.class);
        assertThat(session.read(buffer)).isZero();
    }

    @Test
    void theWriteThatTellsOfADeadPortIsNotSentAndTheNextOneIs() throws IOException {
        SocketAddress address = upstream.getLocalAddress();
        upstream.close();
        session.write(ByteBuffer.allocate(1));
        Loopback.awaitReadable(session);
        try (DatagramChannel revived = Loopback.datagrams().bind(address)) {
            ByteBuffer two = ByteBuffer.allocate(2);
            assertThatThrownBy(() -> session.write(two)).isInstanceOf(PortUnreachableException.class);
            assertThat(two.remaining()).isEqualTo(2);
            assertThat(Loopback.readableWithin(Loopback.SILENCE_MILLIS, revived))
                    .isFalse();

            assertThat(session.write(two)).isEqualTo(2);
            assertThat(awaitSender(revived)).isEqualTo(session.getLocalAddress());
            assertThat(buffer.position()).isEqualTo(2);
        }
    }

    @Test
    void aDeadPortIsNotToldToAnUnconnectedChannel() throws IOException {
        SocketAddress dead = upstream.getLocalAddress();
        upstream.close();
        try (DatagramChannel listener = Loopback.boundDatagrams()) {
            listener.send(ByteBuffer.allocate(1), dead);

            assertThat(Loopback.readableWithin(Loopback.SILENCE_MILLIS, listener))
                    .isFalse();
            assertThat(listener.send(ByteBuffer.allocate(1), dead)).isOne();
        }
    }

    @Test
    void aDatagramLargerThanTheBufferIsCutWithoutAWord() throws IOException {
        upstream.send(ByteBuffer.allocate(101), session.getLocalAddress());
        upstream.send(ByteBuffer.allocate(100), session.getLocalAddress());

        assertThat(awaitRead()).isEqualTo(100);
        assertThat(awaitRead()).isEqualTo(100);
        assertThat(session.read(buffer.clear())).isZero();
    }

    @Test
    void theLargestDatagramPassesAndOneByteMoreIsRefused() throws IOException {
        session.setOption(StandardSocketOptions.SO_SNDBUF, 1 << 18);
        assertThat(session.write(ByteBuffer.allocate(65_507))).isEqualTo(65_507);
        Loopback.awaitReadable(upstream);
        ByteBuffer large = ByteBuffer.allocate(65_508);
        assertThat(upstream.receive(large)).isEqualTo(session.getLocalAddress());
        assertThat(large.position()).isEqualTo(65_507);

        assertThatThrownBy(() -> session.write(ByteBuffer.allocate(65_508)))
                .isInstanceOf(IOException.class)
                .hasMessage("Message too long");
        assertThat(session.write(ByteBuffer.allocate(1))).isOne();
    }

    @Test
    void addressesAreKeptByTheChannelAndNotMadeAnew() throws IOException {
        SocketAddress remote = upstream.getLocalAddress();
        try (DatagramChannel connected = Loopback.datagrams().connect(remote)) {
            assertThat(connected.getRemoteAddress()).isSameAs(remote);
            assertThat(connected.getLocalAddress()).isSameAs(connected.getLocalAddress());
        }
    }

    @Test
    void aConnectWithoutABindTakesAPortThatNobodyElseHas() throws IOException {
        int port = ((InetSocketAddress) session.getLocalAddress()).getPort();
        try (DatagramChannel other = Loopback.datagrams()) {
            assertThatThrownBy(() -> other.bind(new InetSocketAddress("127.0.0.1", port)))
                    .isInstanceOf(BindException.class);
        }
    }

    @Test
    void aWildcardListenerAnswersFromAnAddressTheClientDidNotAsk() throws IOException {
        try (DatagramChannel wildcard = Loopback.datagrams().bind(new InetSocketAddress("0.0.0.0", 0));
                DatagramChannel client = Loopback.datagrams()) {
            int port = ((InetSocketAddress) wildcard.getLocalAddress()).getPort();
            client.bind(Loopback.ANY_PORT).connect(new InetSocketAddress("127.0.0.2", port));

            client.write(ByteBuffer.allocate(1));
            wildcard.send(ByteBuffer.allocate(1), awaitSender(wildcard));

            assertThat(Loopback.readableWithin(Loopback.SILENCE_MILLIS, client)).isFalse();
        }
    }

    private int awaitRead() throws IOException {
        Loopback.awaitReadable(session);
        return session.read(buffer.clear());
    }

    private SocketAddress awaitSender(DatagramChannel channel) throws IOException {
        Loopback.awaitReadable(channel);
        return channel.receive(buffer.clear());
    }
}
