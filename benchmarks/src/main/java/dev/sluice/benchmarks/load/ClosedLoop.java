package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Clients of which each waits for its answer before it asks again; a fixed number is at it at any time. */
final class ClosedLoop {
    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);
    /** Those who begin all at once would meet queues that no steady work has. */
    private static final int BEGINNERS_AT_ONCE = 16;

    private final Clients clients;
    private final Step ask;
    private final Step tick;
    private Histogram latency = Outcome.histogram();
    private long answered;
    private long lost;
    private long lastOver;
    private int underWay;
    private boolean stopping;

    /** Clients that wait as long as it takes; {@code ask} has one more of them ask. */
    ClosedLoop(Clients clients, Step ask) {
        this(clients, ask, () -> {});
    }

    /** Clients that may give up, which {@code tick} sees to now and then. */
    ClosedLoop(Clients clients, Step ask, Step tick) {
        this.clients = clients;
        this.ask = ask;
        this.tick = tick;
    }

    /** Has so many clients ask at a time, again and again for that time; once each where it is zero. */
    Outcome run(int atOnce, Duration time) throws IOException {
        latency = Outcome.histogram();
        answered = 0;
        lost = 0;
        stopping = time.isZero();
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        lastOver = begun;
        int beginners = atOnce;
        while (beginners > 0 || underWay > 0) {
            for (int i = 0; i < BEGINNERS_AT_ONCE && beginners > 0; i++) {
                beginners--;
                askNext();
            }
            clients.select(beginners == 0);
            tick.run();
            long now = System.nanoTime();
            stopping = now - end >= 0;
            if (now - end > LAST_ANSWERS.toNanos()) {
                throw new SocketTimeoutException(underWay + " answers did not come");
            }
        }
        return Outcome.closedLoop(latency, answered, lastOver - begun, lost, atOnce);
    }

    /** The answer has come to what was asked at that time. */
    void onAnswered(long asked) throws IOException {
        answered++;
        onOver(asked);
    }

    /** The answer will not come to what was asked at that time: whoever waited for it has waited so long. */
    void onLost(long asked) throws IOException {
        lost++;
        onOver(asked);
    }

    private void onOver(long asked) throws IOException {
        lastOver = System.nanoTime();
        Outcome.record(latency, lastOver - asked);
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
