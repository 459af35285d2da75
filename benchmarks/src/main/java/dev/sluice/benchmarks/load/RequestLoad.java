package dev.sluice.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.HdrHistogram.Histogram;

/** Requests and answers of one size over kept connections, a fixed number of them under way at any time. */
public final class RequestLoad implements Load {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Selector selector = Selector.open();
    private final Queue<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer request;
    private final ByteBuffer answer;
    private final int atOnce;
    private Histogram latency = Outcome.histogram();
    private int underWay;
    private boolean stopping;

    /** Opens the connections; {@code atOnce} requests go round over them. */
    public RequestLoad(Target target, int connections, int atOnce, int bytes) throws IOException {
        this.request = ByteBuffer.allocateDirect(bytes);
        this.answer = ByteBuffer.allocateDirect(bytes);
        this.atOnce = atOnce;
        try {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = SocketChannel.open(target.address());
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                Connection connection = new Connection(channel);
                channel.register(selector, SelectionKey.OP_READ, connection);
                idle.add(connection);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        latency = Outcome.histogram();
        stopping = time.isZero();
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        for (int i = 0; i < atOnce; i++) {
            next();
        }
        while (underWay > 0) {
            selector.select(key -> ((Connection) key.attachment()).read(), LOOK_AGAIN_MILLIS);
            stopping = System.nanoTime() - end >= 0;
            if (System.nanoTime() - end > LAST_ANSWERS.toNanos()) {
                throw new SocketTimeoutException(underWay + " requests were not answered");
            }
        }
        return Outcome.closedLoop(latency, System.nanoTime() - begun, 0, atOnce);
    }

    private void next() {
        idle.remove().send();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private final class Connection {
        private final SocketChannel channel;
        private int awaited;
        private long sent;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void send() {
            request.clear();
            awaited = request.remaining();
            sent = System.nanoTime();
            underWay++;
            try {
                // So small that a connection without anything under way takes it whole.
                if (channel.write(request) < awaited) {
                    throw new IOException("a request of " + awaited + " bytes was not taken at once");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void read() {
            answer.clear().limit(Math.max(1, awaited));
            try {
                int count = channel.read(answer);
                if (count < 0 || awaited == 0) {
                    throw new EOFException("a connection ended, or said what it was not asked");
                }
                awaited -= count;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (awaited == 0) {
                onAnswered();
            }
        }

        private void onAnswered() {
            Outcome.record(latency, System.nanoTime() - sent);
            underWay--;
            idle.add(this);
            if (!stopping) {
                next();
            }
        }
    }
}
