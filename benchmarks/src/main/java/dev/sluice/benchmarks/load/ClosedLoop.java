package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Clients of which each waits for its answer before it asks again; a fixed number is at it at any time. */
final class ClosedLoop {
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);

    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    private final Clients clients;
    private final int atOnce;
    private final Step ask;
    private final Step tick;
    private Histogram latency = Outcome.histogram();
    private long lost;
    private int underWay;
    private boolean stopping;

    /** Clients that wait as long as it takes; {@code ask} has one more of them ask. */
    ClosedLoop(Clients clients, int atOnce, Step ask) {
        this(clients, atOnce, ask, () -> {});
    }

    /** Clients that may give up, which {@code tick} sees to now and then. */
    ClosedLoop(Clients clients, int atOnce, Step ask, Step tick) {
        this.clients = clients;
        this.atOnce = atOnce;
        this.ask = ask;
        this.tick = tick;
    }

    Outcome run(Duration time) throws IOException {
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
            tick.run();
            long now = System.nanoTime();
            stopping = now - end >= 0;
            if (now - end > LAST_ANSWERS.toNanos()) {
                throw new SocketTimeoutException(underWay + " answers did not come");
            }
        }
        return Outcome.closedLoop(latency, System.nanoTime() - begun, lost, atOnce);
    }

    /** The answer has come to what was asked at that time. */
    void onAnswered(long asked) throws IOException {
        Outcome.record(latency, System.nanoTime() - asked);
        onOver();
    }

    /** The answer will not come. */
    void onLost() throws IOException {
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
        ask.run();
    }
}
