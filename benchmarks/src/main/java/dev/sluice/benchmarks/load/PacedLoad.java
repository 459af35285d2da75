package dev.sluice.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Requests at a fixed rate, whatever becomes of the answers: an open loop. The latency of each runs from when it was
 * due to when its answer had come, so that what waits behind a stall is counted as late.
 */
public final class PacedLoad implements Load {
    private static final int MOST_UNDER_WAY = 1 << 12;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private final List<Connection> connections = new ArrayList<>();
    private final Clients clients = new Clients();
    private final ByteBuffer request;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(64 * 1024);
    private final double nanosBetween;
    private Histogram latency = Outcome.histogram();
    private volatile boolean sending;
    private volatile long sent;
    private volatile IOException failure;

    public PacedLoad(Target target, int connections, int bytes, double perSecond) throws IOException {
        this.request = ByteBuffer.allocateDirect(bytes);
        this.nanosBetween = 1e9 / perSecond;
        clients.connect(target, connections, SelectionKey.OP_READ, channel -> {
            Connection connection = new Connection(channel);
            this.connections.add(connection);
            return connection;
        });
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        latency = Outcome.histogram();
        sending = true;
        sent = 0;
        Thread sender = new Thread(() -> sendAtPace(time.toNanos()), "sender");
        sender.setDaemon(true);
        long begun = System.nanoTime();
        sender.start();
        long lastAnswer = begun;
        while (sending || latency.getTotalCount() < sent && System.nanoTime() - lastAnswer < LAST_ANSWERS.toNanos()) {
            lastAnswer = clients.select(true) ? System.nanoTime() : lastAnswer;
        }
        if (failure != null) {
            throw failure;
        }
        long answered = latency.getTotalCount();
        return new Outcome(answered, System.nanoTime() - begun, sent - answered, latency);
    }

    private void sendAtPace(long nanos) {
        try {
            long begun = System.nanoTime();
            long count = 0;
            for (long due = 0; due < nanos; due = (long) (count * nanosBetween)) {
                long early = begun + due - System.nanoTime();
                if (early > 0) {
                    LockSupport.parkNanos(early);
                } else {
                    connections.get((int) (count % connections.size())).send(begun + due);
                    sent = ++count;
                }
            }
        } catch (IOException e) {
            failure = e;
        } finally {
            sending = false;
        }
    }

    @Override
    public void close() throws IOException {
        clients.close();
    }

    private final class Connection implements Clients.Client {
        private final SocketChannel channel;
        /** When each request under way was due: written by the sender before it is sent, read when it is answered. */
        private final AtomicLongArray due = new AtomicLongArray(MOST_UNDER_WAY);

        private long requests;
        private volatile long answers;
        private int awaited = request.capacity();

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void send(long wasDue) throws IOException {
            if (requests - answers == MOST_UNDER_WAY) {
                throw new IOException("the relay does not keep up: " + MOST_UNDER_WAY + " requests are under way");
            }
            due.set((int) (requests++ % MOST_UNDER_WAY), wasDue);
            request.clear();
            if (channel.write(request) < request.capacity()) {
                throw new IOException("the relay does not keep up: a request was not taken at once");
            }
        }

        @Override
        public void onReady(SelectionKey key) throws IOException {
            int count = channel.read(answer.clear());
            if (count < 0) {
                throw new EOFException("a connection ended");
            }
            long now = System.nanoTime();
            for (awaited -= count; awaited <= 0; awaited += request.capacity()) {
                Outcome.record(latency, now - due.get((int) (answers % MOST_UNDER_WAY)));
                answers++;
            }
        }
    }
}
