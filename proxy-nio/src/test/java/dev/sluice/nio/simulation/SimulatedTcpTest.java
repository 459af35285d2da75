package dev.sluice.nio.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** What only a simulated network does to TCP: short, late, blocked, full. */
final class SimulatedTcpTest {

    private static final InetSocketAddress UPSTREAM = new InetSocketAddress("10.0.0.1", 80);

    private final SimulatedNetwork network;

    SimulatedTcpTest() throws IOException {
        network = new SimulatedNetwork(7);
    }

    private SocketChannel socket() throws IOException {
        SocketChannel channel = network.openSocketChannel(StandardProtocolFamily.INET);
        channel.configureBlocking(false);
        return channel;
    }

    /** A connected channel; the other end waits to be accepted. */
    private SocketChannel connected(PeerListener upstream) throws IOException {
        SocketChannel channel = socket();
        channel.connect(upstream.address());
        network.settle();
        assertThat(channel.finishConnect()).isTrue();
        return channel;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    @Test
    void readsAndWritesMayBeShortOrFindNothingToDo() throws IOException {
        PeerListener upstream = network.listen(UPSTREAM);
        SocketChannel channel = connected(upstream);
        Peer peer = upstream.accept();
        peer.write(new byte[1_000]);
        network.settle();

        network.faults(Faults.none().with(Fault.SHORT_READ, 1).with(Fault.SHORT_WRITE, 1));
        assertThat(channel.read(ByteBuffer.allocate(1_000))).isBetween(1, 999);
        assertThat(channel.write(ByteBuffer.allocate(1_000))).isBetween(1, 999);
        network.faults(Faults.none().with(Fault.READ_BLOCKED, 1).with(Fault.WRITE_BLOCKED, 1));
        assertThat(channel.read(ByteBuffer.allocate(1_000))).isZero();
        assertThat(channel.write(ByteBuffer.allocate(1_000))).isZero();
    }

    @Test
    void lateThingsStayOnTheWireUntilItSettles() throws IOException {
        PeerListener upstream = network.listen(UPSTREAM);
        SocketChannel channel = connected(upstream);
        Peer peer = upstream.accept();
        network.faults(Faults.none().with(Fault.LATE, 1));
        channel.write(bytes("slow"));
        channel.shutdownOutput();

        assertThat(network.step()).as("something is still under way").isTrue();
        assertThat(peer.readable()).isZero();
        network.settle();

        assertThat(text(peer.readAll())).isEqualTo("slow");
        assertThat(peer.sawEnd()).isTrue();
        assertThat(network.step()).isFalse();
    }

    @Test
    void aStepMovesASegmentAtMostAndAFullReceiverStopsIt() throws IOException {
        SimulatedNetwork narrow = new SimulatedNetwork(7, Faults.none(), new KernelBuffers(10, 1, 4, 3, 1));
        PeerListener upstream = narrow.listen(UPSTREAM);
        Peer client = narrow.connect(UPSTREAM);
        narrow.settle();
        Peer server = upstream.accept();

        assertThat(client.write(new byte[20])).isEqualTo(10);
        narrow.step();
        assertThat(server.readable()).isBetween(1, 3);
        narrow.settle();
        assertThat(server.readable()).isEqualTo(4);
        assertThat(client.unsent()).isEqualTo(6);
        server.read(2);
        narrow.settle();

        assertThat(client.unsent()).isEqualTo(4);
        assertThat(client.write(new byte[20])).isEqualTo(6);
        assertThat(client.sent()).isEqualTo(16);
    }

    @Test
    void aKernelThatKeepsATinyRestCallsItWritableAllTheSame() throws IOException {
        SimulatedNetwork lossy = new SimulatedNetwork(7, Faults.none(), new KernelBuffers(30, 6, 10, 10, 1));
        lossy.listen(UPSTREAM);
        SocketChannel channel = lossy.openSocketChannel(StandardProtocolFamily.INET);
        channel.configureBlocking(false);
        channel.connect(UPSTREAM);
        lossy.settle();
        channel.finishConnect();
        SelectionKey key = channel.register(lossy.openSelector(), SelectionKey.OP_WRITE);
        channel.write(ByteBuffer.allocate(15));

        channel.setOption(StandardSocketOptions.SO_SNDBUF, 1);
        assertThat(channel.getOption(StandardSocketOptions.SO_SNDBUF)).isEqualTo(6);
        assertThat(key.selector().selectNow(k -> {})).isZero();
        lossy.settle();

        assertThat(key.selector().selectNow(k -> {})).as("five bytes are left").isZero();
        channel.setOption(StandardSocketOptions.SO_SNDBUF, 8);
        assertThat(key.selector().selectNow(k -> {})).as("of eight").isEqualTo(1);
    }

    @Test
    void whatWouldBlockThrows() throws IOException {
        SocketChannel channel = network.openSocketChannel(StandardProtocolFamily.INET);

        assertThatThrownBy(() -> channel.connect(UPSTREAM)).isInstanceOf(IllegalBlockingModeException.class);
        Selector selector = network.openSelector();
        assertThat(selector.select(k -> {})).as("no select waits").isZero();
    }
}
