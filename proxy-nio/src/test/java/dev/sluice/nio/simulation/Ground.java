package dev.sluice.nio.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Where a conformance test runs: on the real loopback or on a simulated network. It opens non-blocking channels and
 * closes them all in the end.
 */
final class Ground implements AutoCloseable {

    private static final int ENOUGH_TURNS = 5_000;
    private static final int A_WHILE = 20;

    private final SelectorProvider provider;
    private final Turn turn;
    private final List<Closeable> opened = new ArrayList<>();

    @FunctionalInterface
    private interface Turn {
        void pass() throws IOException;
    }

    /** Two connected channels, and the listener between them. */
    record Pair(SocketChannel client, SocketChannel server, ServerSocketChannel listener) {}

    private Ground(SelectorProvider provider, Turn turn) {
        this.provider = provider;
        this.turn = turn;
    }

    static Ground loopback() throws IOException {
        SelectorProvider provider = SelectorProvider.provider();
        Selector clock = provider.openSelector();
        Ground ground = new Ground(provider, () -> clock.select(1));
        ground.opened.add(clock);
        return ground;
    }

    static Ground simulated() throws IOException {
        SimulatedNetwork network = new SimulatedNetwork(1);
        return new Ground(network, network::settle);
    }

    // Opening.

    Selector selector() throws IOException {
        return keep(provider.openSelector());
    }

    ServerSocketChannel listener() throws IOException {
        ServerSocketChannel listener = keep(provider.openServerSocketChannel(StandardProtocolFamily.INET));
        listener.configureBlocking(false);
        return listener;
    }

    ServerSocketChannel listening() throws IOException {
        return listener().bind(anyPort());
    }

    SocketChannel socket() throws IOException {
        SocketChannel socket = keep(provider.openSocketChannel(StandardProtocolFamily.INET));
        socket.configureBlocking(false);
        return socket;
    }

    SocketChannel connectedTo(SocketAddress address) throws Exception {
        SocketChannel socket = socket();
        if (!socket.connect(address)) {
            eventually(socket::finishConnect);
        }
        return socket;
    }

    Pair pair() throws Exception {
        ServerSocketChannel listener = listening();
        SocketChannel client = connectedTo(listener.getLocalAddress());
        return new Pair(client, accepted(listener), listener);
    }

    SocketChannel accepted(ServerSocketChannel listener) throws Exception {
        List<SocketChannel> accepted = new ArrayList<>();
        eventually(() -> {
            SocketChannel next = listener.accept();
            return next != null && accepted.add(next);
        });
        SocketChannel socket = keep(accepted.get(0));
        socket.configureBlocking(false);
        return socket;
    }

    DatagramChannel datagram() throws IOException {
        DatagramChannel channel = keep(provider.openDatagramChannel(StandardProtocolFamily.INET));
        channel.configureBlocking(false);
        return channel;
    }

    DatagramChannel bound() throws IOException {
        return datagram().bind(anyPort());
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** An address where nobody listens; it stays bound, or a dial could take it as its own and meet itself. */
    InetSocketAddress deadTcpPort() throws IOException {
        return (InetSocketAddress) socket().bind(anyPort()).getLocalAddress();
    }

    InetSocketAddress deadUdpPort() throws IOException {
        DatagramChannel channel = bound();
        InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
        channel.close();
        return address;
    }

    private <C extends Closeable> C keep(C channel) {
        opened.add(channel);
        return channel;
    }

    // Waiting.

    /** Turns the network until the condition holds, and fails when it never does. */
    void eventually(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < ENOUGH_TURNS; i++) {
            if (condition.call()) {
                return;
            }
            turn.pass();
        }
        throw new AssertionError("it never came true");
    }

    /** Turns the network long enough for anything that was going to happen. */
    void aWhile() throws IOException {
        for (int i = 0; i < A_WHILE; i++) {
            turn.pass();
        }
    }

    /** Waits until a registered channel is ready, and says for what. */
    int ready(SelectionKey key) throws Exception {
        int[] ready = new int[1];
        eventually(() -> {
            key.selector().selectNow(k -> {
                if (k == key) {
                    ready[0] = k.readyOps();
                }
            });
            return ready[0] != 0;
        });
        return ready[0];
    }

    /** What is ready after a while; 0 when nothing is. */
    int readyAfterAWhile(SelectionKey key) throws IOException {
        aWhile();
        int[] ready = new int[1];
        key.selector().selectNow(k -> {
            if (k == key) {
                ready[0] = k.readyOps();
            }
        });
        return ready[0];
    }

    // Reading and writing.

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    static void write(SocketChannel to, String text) throws IOException {
        assertThat(to.write(bytes(text))).as("taken by the kernel").isEqualTo(text.length());
    }

    String read(ReadableByteChannel from, int length) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        eventually(() -> {
            if (buffer.hasRemaining()) {
                assertThat(from.read(buffer)).as("not the end").isGreaterThanOrEqualTo(0);
            }
            return !buffer.hasRemaining();
        });
        return new String(buffer.array(), ISO_8859_1);
    }

    void readEnd(SocketChannel from) throws Exception {
        eventually(() -> {
            int count = from.read(ByteBuffer.allocate(1));
            assertThat(count).as("no more bytes").isLessThanOrEqualTo(0);
            return count == -1;
        });
    }

    /** Reads until the reset, and says how many bytes came before it. */
    long readUntilReset(SocketChannel from) throws Exception {
        long[] total = new long[1];
        eventually(() -> {
            try {
                int count = from.read(ByteBuffer.allocate(65_536));
                assertThat(count).as("a reset, not the end").isNotEqualTo(-1);
                total[0] += count;
                return false;
            } catch (IOException e) {
                assertThat(e).hasMessage("Connection reset");
                return true;
            }
        });
        return total[0];
    }

    /** Writes until the kernel takes no more. */
    long fill(SocketChannel to) throws IOException {
        long total = 0;
        for (int quiet = 0; quiet < 3; quiet++) {
            int count = to.write(ByteBuffer.allocate(65_536));
            while (count > 0) {
                total += count;
                quiet = 0;
                count = to.write(ByteBuffer.allocate(65_536));
            }
            aWhile();
        }
        return total;
    }

    static void reset(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() throws IOException {
        Collections.reverse(opened);
        for (Closeable each : opened) {
            each.close();
        }
    }
}
