package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Plain {@code java.nio} channels over IPv4 loopback, none of which blocks, and bounded waits for what they do. */
final class Loopback {

    /** A port that the kernel picks. */
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /** Long enough to call it silence: loopback delivers within the sender's system call, or soon after. */
    static final long SILENCE_MILLIS = 50;

    private static final long PATIENCE_MILLIS = 5_000;

    private Loopback() {}

    static ServerSocketChannel listener() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
        listener.bind(ANY_PORT).configureBlocking(false);
        return listener;
    }

    static SocketChannel socket() throws IOException {
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.INET);
        socket.configureBlocking(false);
        return socket;
    }

    static DatagramChannel datagrams() throws IOException {
        DatagramChannel datagrams = DatagramChannel.open(StandardProtocolFamily.INET);
        datagrams.configureBlocking(false);
        return datagrams;
    }

    /** A channel bound to a port of its own, which it takes datagrams from anybody at. */
    static DatagramChannel boundDatagrams() throws IOException {
        return datagrams().bind(ANY_PORT);
    }

    /** A channel that talks to {@code peer} alone, from a port the kernel picks. */
    static DatagramChannel connectedDatagrams(DatagramChannel peer) throws IOException {
        return datagrams().connect(peer.getLocalAddress());
    }

    /** The two ends of one connection: {@code near} is the one under test. */
    record Connection(SocketChannel near, SocketChannel far) implements AutoCloseable {

        static Connection open() throws IOException {
            try (ServerSocketChannel listener = listener()) {
                SocketChannel far = socket();
                far.connect(listener.getLocalAddress());
                SocketChannel near = awaitPresent("a client to accept", listener::accept);
                near.configureBlocking(false);
                await("the connect to finish", far::finishConnect);
                return new Connection(near, far);
            }
        }

        @Override
        public void close() throws IOException {
            near.close();
            far.close();
        }
    }

    /** Whether anything can be read, an end or an error included, within the time given. */
    static boolean readableWithin(long millis, SelectableChannel channel) throws IOException {
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            return selector.select(millis) > 0;
        }
    }

    /** What was sent has mostly arrived when the sender's call returns, but a busy kernel may put it off. */
    static void awaitReadable(SelectableChannel channel) throws IOException {
        assertThat(readableWithin(PATIENCE_MILLIS, channel)).as("readable").isTrue();
    }

    /** Reads until the end of the stream, and says how many bytes came before it. */
    static long readToEnd(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long total = 0;
        while (true) {
            awaitReadable(channel);
            int n = channel.read(buffer.clear());
            if (n < 0) {
                return total;
            }
            total += n;
        }
    }

    static void await(String what, Callable<Boolean> condition) {
        awaitPresent(what, () -> condition.call() ? Boolean.TRUE : null);
    }

    /** Asks until the answer is not {@code null}. */
    static <T> T awaitPresent(String what, Callable<T> question) {
        long start = System.nanoTime();
        while (true) {
            T answer = ask(question);
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private static <T> T ask(Callable<T> question) {
        try {
            return question.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
