package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Puts work through relays and measures it. */
interface Probe {
    Unit unit();

    /** Opens the connections of the work, and has each carry something. */
    Trial open(Lane lane) throws IOException;

    /** Whether it can say anything about that contender. */
    default boolean measures(String contender) {
        return true;
    }

    /** Work that goes through one relay. */
    interface Trial extends AutoCloseable {
        /** Works for that time, and tells how many units came through. */
        long work(Duration time) throws IOException;

        /** Works for that time and measures it. */
        Map<Metric, Double> measure(Duration time) throws IOException;

        @Override
        void close() throws IOException;
    }
}
