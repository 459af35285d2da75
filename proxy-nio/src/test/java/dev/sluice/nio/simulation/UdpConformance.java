package dev.sluice.nio.simulation;

import static dev.sluice.nio.simulation.Ground.bytes;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.Test;

/** What datagram channels do. */
interface UdpConformance {

    Ground ground();

    private DatagramChannel connected(SocketAddress to) throws IOException {
        return ground().datagram().connect(to);
    }

    /** The next datagram and its sender. */
    private Received receive(DatagramChannel from, int room) throws Exception {
        Received[] received = new Received[1];
        ground().eventually(() -> {
            ByteBuffer buffer = ByteBuffer.allocate(room);
            SocketAddress sender = from.receive(buffer);
            if (sender != null) {
                received[0] = new Received(sender, new String(buffer.array(), 0, buffer.position(), ISO_8859_1));
            }
            return sender != null;
        });
        return received[0];
    }

    /** What {@link #receive} found. */
    record Received(SocketAddress sender, String text) {}

    @Test
    default void aDatagramArrivesWithItsSendersAddress() throws Exception {
        DatagramChannel server = ground().bound();
        DatagramChannel client = ground().bound();

        assertThat(client.send(bytes("hello"), server.getLocalAddress())).isEqualTo(5);

        assertThat(receive(server, 10)).isEqualTo(new Received(client.getLocalAddress(), "hello"));
        assertThat(server.receive(ByteBuffer.allocate(1))).isNull();
    }

    @Test
    default void whatDoesNotFitIsCutOffSilently() throws Exception {
        DatagramChannel server = ground().bound();
        DatagramChannel client = connected(server.getLocalAddress());

        client.write(bytes("hello"));
        client.write(bytes("world"));

        assertThat(receive(server, 3).text()).isEqualTo("hel");
        assertThat(receive(server, 10).text()).isEqualTo("world");
    }

    @Test
    default void anEmptyDatagramIsReadAsMinusOneAndNothingAsZero() throws Exception {
        DatagramChannel server = ground().bound();
        DatagramChannel client = ground().bound().connect(server.getLocalAddress());
        assertThat(client.read(ByteBuffer.allocate(10))).isZero();

        server.send(bytes(""), client.getLocalAddress());
        server.send(bytes("after"), client.getLocalAddress());

        ground().eventually(() -> client.read(ByteBuffer.allocate(10)) == -1);
        assertThat(ground().read(client, 5)).isEqualTo("after");
        server.send(bytes(""), client.getLocalAddress());
        assertThat(receive(client, 10)).isEqualTo(new Received(server.getLocalAddress(), ""));
    }

    @Test
    default void onlyAnUnconnectedChannelSendsEmptyDatagrams() throws Exception {
        DatagramChannel server = ground().bound();
        DatagramChannel client = connected(server.getLocalAddress());

        assertThat(client.write(bytes(""))).isZero();
        assertThat(client.send(bytes(""), server.getLocalAddress())).isZero();
        client.write(bytes("not empty"));
        assertThat(receive(server, 10).text()).isEqualTo("not empty");

        assertThat(ground().datagram().send(bytes(""), server.getLocalAddress()))
                .isZero();
        assertThat(receive(server, 10).text()).isEmpty();
    }

    /** How an empty datagram leaves from a session's port: JDK-FACTS 9. */
    @Test
    default void aSecondChannelOnTheSamePortSendsAndTheConnectedOneStillReceives() throws Exception {
        DatagramChannel upstream = ground().bound();
        DatagramChannel session = connected(upstream.getLocalAddress());
        session.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        DatagramChannel second = ground().datagram();
        second.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        second.bind(session.getLocalAddress());

        second.send(bytes(""), upstream.getLocalAddress());
        assertThat(receive(upstream, 10)).isEqualTo(new Received(session.getLocalAddress(), ""));
        upstream.send(bytes("reply"), session.getLocalAddress());

        assertThat(ground().read(session, 5)).isEqualTo("reply");
        assertThat(second.receive(ByteBuffer.allocate(10))).isNull();
    }

    @Test
    default void ofTwoEqualChannelsOnOnePortTheLastBoundReceives() throws Exception {
        DatagramChannel first = ground().datagram();
        first.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        first.bind(Ground.anyPort());
        DatagramChannel second = ground().datagram();
        second.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        second.bind(first.getLocalAddress());

        ground().datagram().send(bytes("which?"), first.getLocalAddress());

        assertThat(receive(second, 10).text()).isEqualTo("which?");
        assertThat(first.receive(ByteBuffer.allocate(10))).isNull();
    }

    @Test
    default void aUdpPortInUseCannotBeBoundTwice() throws Exception {
        DatagramChannel first = ground().bound();

        assertThatThrownBy(() -> ground().datagram().bind(first.getLocalAddress()))
                .isInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        assertThatThrownBy(() -> first.bind(Ground.anyPort())).isInstanceOf(AlreadyBoundException.class);
    }

    @Test
    default void datagramChannelsJoinAPortOnceItsFirstOwnerAllowsIt() throws Exception {
        DatagramChannel first = ground().bound();
        first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        DatagramChannel second = ground().datagram();
        second.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        second.bind(first.getLocalAddress());

        assertThat(second.getLocalAddress()).isEqualTo(first.getLocalAddress());
        assertThatThrownBy(() -> ground().datagram().bind(first.getLocalAddress()))
                .isInstanceOf(BindException.class);
    }

    @Test
    default void anErrorThatCameBackIsThrownByTheNextReadOnce() throws Exception {
        DatagramChannel client = connected(ground().deadUdpPort());
        SelectionKey key = client.register(ground().selector(), SelectionKey.OP_READ);
        assertThat(ground().readyAfterAWhile(key)).isZero();

        client.write(bytes("lost"));

        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_READ);
        assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1))).isInstanceOf(PortUnreachableException.class);
        assertThat(client.read(ByteBuffer.allocate(1))).isZero();
        assertThat(ground().readyAfterAWhile(key)).isZero();
    }

    @Test
    default void aWriteThatThrowsAnEarlierErrorWasNotSent() throws Exception {
        InetSocketAddress address = ground().deadUdpPort();
        DatagramChannel client = connected(address);
        client.write(bytes("lost"));
        ground().aWhile();
        DatagramChannel late = ground().datagram().bind(address);

        assertThatThrownBy(() -> client.write(bytes("kept back"))).isInstanceOf(PortUnreachableException.class);
        client.write(bytes("sent"));

        assertThat(receive(late, 20).text()).isEqualTo("sent");
    }

    @Test
    default void anErrorComesBeforeTheDatagramsThatWait() throws Exception {
        DatagramChannel server = ground().bound();
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        DatagramChannel client = ground().bound().connect(address);
        server.send(bytes("waiting"), client.getLocalAddress());
        ground().aWhile();
        server.close();
        client.write(bytes("lost"));
        ground().aWhile();

        assertThatThrownBy(() -> client.read(ByteBuffer.allocate(10))).isInstanceOf(PortUnreachableException.class);
        assertThat(ground().read(client, 7)).isEqualTo("waiting");
    }

    @Test
    default void anUnconnectedChannelNeverHearsOfADeadPort() throws Exception {
        DatagramChannel client = ground().bound();

        client.send(bytes("lost"), ground().deadUdpPort());
        ground().aWhile();

        assertThat(client.receive(ByteBuffer.allocate(10))).isNull();
        assertThat(client.send(bytes("lost again"), ground().deadUdpPort())).isEqualTo(10);
    }

    @Test
    default void aConnectedChannelHearsItsPeerOnly() throws Exception {
        DatagramChannel server = ground().bound();
        DatagramChannel client = ground().bound().connect(server.getLocalAddress());

        ground().datagram().send(bytes("stranger"), client.getLocalAddress());
        server.send(bytes("server"), client.getLocalAddress());

        assertThat(ground().read(client, 6)).isEqualTo("server");
        assertThatThrownBy(() -> client.send(bytes("x"), client.getLocalAddress()))
                .isInstanceOf(AlreadyConnectedException.class);
        assertThatThrownBy(() -> server.write(bytes("x"))).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> server.read(ByteBuffer.allocate(1))).isInstanceOf(NotYetConnectedException.class);
    }

    @Test
    default void connectingThrowsAwayWhatHasArrived() throws Exception {
        DatagramChannel server = ground().bound();
        DatagramChannel client = ground().bound();
        server.send(bytes("early"), client.getLocalAddress());
        ground().aWhile();

        client.connect(server.getLocalAddress());
        server.send(bytes("later"), client.getLocalAddress());

        assertThat(ground().read(client, 5)).isEqualTo("later");
    }

    @Test
    default void aWildcardBecomesTheAddressItIsReachedFromAndBack() throws Exception {
        DatagramChannel server = ground().bound();
        DatagramChannel client = ground().datagram();
        assertThat(client.getLocalAddress()).isNull();

        client.connect(server.getLocalAddress());
        InetSocketAddress local = (InetSocketAddress) client.getLocalAddress();
        assertThat(local.getAddress().isLoopbackAddress()).isTrue();
        client.disconnect();

        assertThat(client.isConnected()).isFalse();
        assertThat(((InetSocketAddress) client.getLocalAddress()).getAddress().isAnyLocalAddress())
                .isTrue();
        client.send(bytes("x"), server.getLocalAddress());
        assertThat(receive(server, 1).sender()).isEqualTo(local);
    }

    @Test
    default void aWildcardListenerReceivesWhatIsSentToALocalAddress() throws Exception {
        DatagramChannel server = ground().datagram().bind(new InetSocketAddress("0.0.0.0", 0));
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();

        ground().datagram().send(bytes("x"), new InetSocketAddress("127.0.0.1", port));

        assertThat(receive(server, 1).text()).isEqualTo("x");
    }

    @Test
    default void theLargestDatagramPassesAndALargerOneIsRefused() throws Exception {
        DatagramChannel server = ground().bound();
        DatagramChannel client = connected(server.getLocalAddress());

        assertThat(client.write(ByteBuffer.allocate(65_507))).isEqualTo(65_507);
        assertThat(receive(server, 65_508).text()).hasSize(65_507);

        assertThatIOException()
                .isThrownBy(() -> client.write(ByteBuffer.allocate(65_508)))
                .withMessage("Message too long");
        assertThatIOException()
                .isThrownBy(() -> ground().datagram().send(ByteBuffer.allocate(65_508), server.getLocalAddress()))
                .withMessage("Message too long");
    }

    @Test
    default void aClosedDatagramChannelFreesItsPortAtOnceUnlessItIsRegistered() throws Exception {
        DatagramChannel free = ground().bound();
        SocketAddress freed = free.getLocalAddress();
        free.close();
        assertThat(ground().datagram().bind(freed).isOpen()).isTrue();

        DatagramChannel held = ground().bound();
        SocketAddress address = held.getLocalAddress();
        SelectionKey key = held.register(ground().selector(), SelectionKey.OP_READ);
        held.close();
        assertThatThrownBy(() -> ground().datagram().bind(address)).isInstanceOf(BindException.class);

        key.selector().selectNow(k -> {});
        assertThat(ground().datagram().bind(address).isOpen()).isTrue();
    }
}
