package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Clients of which each waits for its answer before it asks again; a fixed number is at it at any time. */
abstract class ClosedLoop implements Load {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

    final Clients clients = new Clients();
    private final int atOnce;
    private Histogram latency = Outcome.histogram();
    private long lost;
    private int underWay;
    private boolean stopping;

    ClosedLoop(int atOnce) throws IOException {
        this.atOnce = atOnce;
    }

    /** Has one more client ask. */
    abstract void ask() throws IOException;

    /** Called now and then, for those who do not wait for ever. */
    void onTick() throws IOException {}

    @Override
    public final Outcome run(Duration time) throws IOException {
        latency = Outcome.histogram();
        lost = 0;
        stopping = time.isZero();
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        for (int i = 0; i < atOnce; i++) {
            askNext();
        }
        while (underWay > 0) {
            clients.select();
            onTick();
            long now = System.nanoTime();
            stopping = now - end >= 0;
            if (now - end > LAST_ANSWERS.toNanos()) {
                throw new SocketTimeoutException(underWay + " answers did not come");
            }
        }
        return Outcome.closedLoop(latency, System.nanoTime() - begun, lost, atOnce);
    }

    /** The answer has come to what was asked at that time. */
    final void onAnswered(long asked) throws IOException {
        Outcome.record(latency, System.nanoTime() - asked);
        onOver();
    }

    /** The answer will not come. */
    final void onLost() throws IOException {
        lost++;
        onOver();
    }

    private void onOver() throws IOException {
        underWay--;
        if (!stopping) {
            askNext();
        }
    }

    private void askNext() throws IOException {
        underWay++;
        ask();
    }

    @Override
    public void close() throws IOException {
        clients.close();
    }
}
