package dev.sluice.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * What came of one run.
 *
 * @param units of work done: requests, connections, datagrams or bytes
 * @param nanos it took
 * @param lost units that were begun and never answered; they count for the latency with what was waited for them
 * @param latency of each unit in nanoseconds, corrected for coordinated omission; empty where none is measured
 */
public record Outcome(long units, long nanos, long lost, Histogram latency) {
    static final int DIGITS = 3;
    private static final long LONGEST = 60_000_000_000L;

    static Histogram histogram() {
        return new Histogram(LONGEST, DIGITS);
    }

    static void record(Histogram latency, long nanos) {
        latency.recordValue(Math.max(1, Math.min(LONGEST, nanos)));
    }

    /** Of work that came without an answer to wait for. */
    static Outcome unanswered(long units, long nanos, long lost) {
        return new Outcome(units, nanos, lost, histogram());
    }

    /**
     * Of clients that waited for each answer before they asked again. One that waits long asks less often, and so
     * would count a stall once where a steady stream of clients would have met it many times: the histogram is
     * filled up with those, as if each had asked at the mean interval.
     */
    static Outcome closedLoop(Histogram latency, long answered, long nanos, long lost, int clients) {
        long asked = latency.getTotalCount();
        long interval = asked == 0 ? 0 : nanos * clients / asked;
        Histogram corrected = interval == 0 ? latency : latency.copyCorrectedForCoordinatedOmission(interval);
        return new Outcome(answered, nanos, lost, corrected);
    }
}
