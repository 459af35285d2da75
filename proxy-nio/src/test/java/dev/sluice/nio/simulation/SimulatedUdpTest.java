package dev.sluice.nio.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only a simulated network does to UDP: everything unlucky, on request. */
final class SimulatedUdpTest {

    private static final InetSocketAddress UPSTREAM = new InetSocketAddress("10.0.0.53", 53);

    private final SimulatedNetwork network;

    SimulatedUdpTest() throws IOException {
        network = new SimulatedNetwork(7);
    }

    private DatagramChannel channel() throws IOException {
        DatagramChannel channel = network.openDatagramChannel(StandardProtocolFamily.INET);
        channel.configureBlocking(false);
        return channel;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private static List<String> received(UdpPeer peer) {
        List<String> texts = new ArrayList<>();
        for (Datagram next = peer.receive(); next != null; next = peer.receive()) {
            texts.add(new String(next.payload(), ISO_8859_1));
        }
        return texts;
    }

    @Test
    void datagramsMayBeLostOrDoubled() throws IOException {
        UdpPeer upstream = network.datagrams(UPSTREAM);
        DatagramChannel session = channel().connect(UPSTREAM);

        network.faults(Faults.none().with(Fault.DATAGRAM_LOST, 1));
        session.write(bytes("lost"));
        network.faults(Faults.none().with(Fault.DATAGRAM_DOUBLED, 1));
        session.write(bytes("twice"));
        network.settle();

        assertThat(received(upstream)).containsExactly("twice", "twice");
        assertThat(network.count(Fault.DATAGRAM_LOST)).isEqualTo(1);
        assertThat(network.count(Fault.DATAGRAM_DOUBLED)).isEqualTo(1);
        assertThat(upstream.received()).isEqualTo(2);
    }

    @Test
    void lateDatagramsKeepTheirOrder() throws IOException {
        UdpPeer upstream = network.datagrams(UPSTREAM);
        DatagramChannel session = channel().connect(UPSTREAM);
        network.faults(Faults.none().with(Fault.LATE, 0.5));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add("datagram " + i);
            session.write(bytes("datagram " + i));
        }

        List<String> received = new ArrayList<>();
        int steps = 0;
        while (network.step()) {
            received.addAll(received(upstream));
            steps++;
        }

        assertThat(received).isEqualTo(sent);
        assertThat(steps).isGreaterThan(2);
    }

    @Test
    void aFullQueueDropsAndCounts() throws IOException {
        SimulatedNetwork narrow = new SimulatedNetwork(7, Faults.none(), new KernelBuffers(1, 1, 1, 1, 2));
        UdpPeer upstream = narrow.datagrams(UPSTREAM);
        UdpPeer client = narrow.datagrams(new InetSocketAddress("192.0.2.9", 5_000));
        for (int i = 0; i < 5; i++) {
            client.send(new byte[0], UPSTREAM);
        }
        narrow.settle();

        assertThat(received(upstream)).hasSize(2);
        assertThat(narrow.overflows()).isEqualTo(3);
        assertThat(client.sent()).isEqualTo(5);
    }

    @Test
    void aSendMayBeBlockedOrRefusedOrHaveNoRoute() throws IOException {
        DatagramChannel session = channel().connect(UPSTREAM);
        network.faults(Faults.none().with(Fault.SEND_BLOCKED, 1));
        ByteBuffer kept = bytes("kept");
        assertThat(session.write(kept)).isZero();
        assertThat(kept.remaining()).isEqualTo(4);
        network.faults(Faults.none().with(Fault.SEND_REFUSED, 1));
        assertThatThrownBy(() -> session.write(kept)).hasMessage("Operation not permitted");

        network.reach(UPSTREAM, Reach.UNREACHABLE);
        assertThatThrownBy(() -> channel().connect(UPSTREAM))
                .isInstanceOf(SocketException.class)
                .hasMessage("Network is unreachable");
        assertThatThrownBy(() -> channel().send(kept, UPSTREAM)).hasMessage("Network is unreachable");
    }

    @Test
    void aReceiveMayFindNothingAlthoughSomethingIsThere() throws IOException {
        DatagramChannel listener = channel().bind(new InetSocketAddress("127.0.0.1", 5_300));
        UdpPeer client = network.datagrams(new InetSocketAddress("192.0.2.9", 5_000));
        client.send(new byte[] {1}, (InetSocketAddress) listener.getLocalAddress());
        network.settle();

        network.faults(Faults.none().with(Fault.READ_BLOCKED, 1));
        assertThat(listener.receive(ByteBuffer.allocate(1))).isNull();
        network.faults(Faults.none());
        assertThat(listener.receive(ByteBuffer.allocate(1))).isEqualTo(client.address());
    }

    @Test
    void anAddressThatRefusesAnswersAndASilentOneDoesNot() throws IOException {
        UdpPeer upstream = network.datagrams(UPSTREAM);
        DatagramChannel session = channel().connect(UPSTREAM);

        network.reach(UPSTREAM, Reach.SILENT);
        session.write(bytes("swallowed"));
        network.settle();
        assertThat(session.read(ByteBuffer.allocate(1))).isZero();
        network.reach(UPSTREAM, Reach.REFUSED);
        session.write(bytes("refused"));
        network.settle();
        assertThatThrownBy(() -> session.read(ByteBuffer.allocate(1))).isInstanceOf(PortUnreachableException.class);
        network.reach(UPSTREAM, Reach.OPEN);
        upstream.close();
        session.write(bytes("closed"));
        network.settle();

        assertThatThrownBy(() -> session.write(bytes("x"))).isInstanceOf(PortUnreachableException.class);
    }

    @Test
    void whenNoPortIsFreeASessionCannotBeOpened() throws IOException {
        network.ports(40_000, 40_000);
        DatagramChannel only = channel().connect(UPSTREAM);

        assertThatThrownBy(() -> channel().connect(UPSTREAM))
                .isInstanceOf(BindException.class)
                .hasMessage("Address already in use");
        only.close();

        assertThat(channel().connect(UPSTREAM).isConnected()).isTrue();
    }

    @Test
    void repliesFindTheListenersAddressAndTheSessionsPort() throws IOException {
        UdpPeer upstream = network.datagrams(UPSTREAM);
        DatagramChannel session = channel().connect(UPSTREAM);
        session.write(bytes("query"));
        network.settle();
        Datagram query = upstream.receive();

        assertThat(query.to()).isEqualTo(UPSTREAM);
        assertThat(query.from()).isEqualTo(session.getLocalAddress());
        upstream.send(new byte[] {'o', 'k'}, query.from());
        network.settle();

        ByteBuffer reply = ByteBuffer.allocate(10);
        SocketAddress sender = session.receive(reply);
        assertThat(sender).isEqualTo(UPSTREAM);
        assertThat(reply.position()).isEqualTo(2);
    }

    @Test
    void aWildcardListensOnTheHostUnderTestOnly() throws IOException {
        DatagramChannel listener = channel().bind(new InetSocketAddress("0.0.0.0", 53));
        UdpPeer client = network.datagrams(new InetSocketAddress("192.0.2.9", 5_000));

        client.send(new byte[] {1}, UPSTREAM);
        network.settle();
        assertThat(listener.receive(ByteBuffer.allocate(1))).isNull();
        client.send(new byte[] {1}, new InetSocketAddress("10.0.0.254", 53));
        network.settle();

        assertThat(listener.receive(ByteBuffer.allocate(1))).isEqualTo(client.address());
    }

    @Test
    void listenersThatShareAPortShareItsClientsAlwaysTheSameWay() throws IOException {
        List<DatagramChannel> listeners = new ArrayList<>();
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", 5_300);
        for (int i = 0; i < 2; i++) {
            DatagramChannel listener = channel();
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            listeners.add(listener.bind(address));
        }
        for (int i = 0; i < 40; i++) {
            UdpPeer client = network.datagrams(new InetSocketAddress("192.0.2.9", 5_000 + i));
            client.send(new byte[] {1}, address);
            client.send(new byte[] {2}, address);
        }
        network.settle();

        for (DatagramChannel listener : listeners) {
            assertThat(senders(listener)).hasSizeBetween(10, 70).satisfies(all -> {
                for (int i = 0; i < all.size(); i += 2) {
                    assertThat(all.get(i)).isEqualTo(all.get(i + 1));
                }
            });
        }
    }

    private static List<SocketAddress> senders(DatagramChannel listener) throws IOException {
        List<SocketAddress> senders = new ArrayList<>();
        SocketAddress sender = listener.receive(ByteBuffer.allocate(1));
        while (sender != null) {
            senders.add(sender);
            sender = listener.receive(ByteBuffer.allocate(1));
        }
        return senders;
    }

    @Test
    void theReceiveBufferThatIsGrantedMayBeSmallerThanTheOneAskedFor() throws IOException {
        DatagramChannel listener = channel();

        listener.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);

        assertThat(listener.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(212_992);
    }

    @Test
    void aReceiveThatWouldBlockThrows() throws IOException {
        DatagramChannel blocking = network.openDatagramChannel(StandardProtocolFamily.INET);

        assertThatThrownBy(() -> blocking.receive(ByteBuffer.allocate(1)))
                .isInstanceOf(IllegalBlockingModeException.class);
    }
}
