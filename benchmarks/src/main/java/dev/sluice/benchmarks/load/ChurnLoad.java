package dev.sluice.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** A new connection for each request; the upstream answers it and ends the stream. */
public final class ChurnLoad implements Load {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Target target;
    private final int atOnce;
    private final Selector selector = Selector.open();
    private final ByteBuffer request;
    private final ByteBuffer answer;
    private Histogram latency = Outcome.histogram();
    private int underWay;
    private boolean stopping;

    /** So many connections are under way at any time. */
    public ChurnLoad(Target target, int atOnce, int bytes) throws IOException {
        this.target = target;
        this.atOnce = atOnce;
        this.request = ByteBuffer.allocateDirect(bytes);
        this.answer = ByteBuffer.allocateDirect(bytes + 1);
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        latency = Outcome.histogram();
        stopping = time.isZero();
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        for (int i = 0; i < atOnce; i++) {
            connect();
        }
        while (underWay > 0) {
            selector.select(key -> ((Visit) key.attachment()).onReady(key), LOOK_AGAIN_MILLIS);
            stopping = System.nanoTime() - end >= 0;
            if (System.nanoTime() - end > LAST_ANSWERS.toNanos()) {
                throw new SocketTimeoutException(underWay + " connections were not answered");
            }
        }
        return Outcome.closedLoop(latency, System.nanoTime() - begun, 0, atOnce);
    }

    private void connect() throws IOException {
        long begun = System.nanoTime();
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(target.address());
        Visit visit = new Visit(begun);
        SelectionKey key = channel.register(selector, 0, visit);
        underWay++;
        visit.finishConnect(key);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private final class Visit {
        private final long begun;
        private int received;

        Visit(long begun) {
            this.begun = begun;
        }

        void onReady(SelectionKey key) {
            try {
                if (key.isConnectable()) {
                    finishConnect(key);
                } else {
                    read(key);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void finishConnect(SelectionKey key) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            if (channel.finishConnect()) {
                request.clear();
                channel.write(request);
                key.interestOps(SelectionKey.OP_READ);
            } else {
                key.interestOps(SelectionKey.OP_CONNECT);
            }
        }

        private void read(SelectionKey key) throws IOException {
            int count = ((SocketChannel) key.channel()).read(answer.clear());
            if (count >= 0) {
                received += count;
                return;
            }
            if (received != request.capacity()) {
                throw new EOFException("an answer had " + received + " bytes in place of " + request.capacity());
            }
            Outcome.record(latency, System.nanoTime() - begun);
            key.channel().close();
            underWay--;
            if (!stopping) {
                connect();
            }
        }
    }
}
