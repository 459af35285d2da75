package dev.sluice.examples.relay;

import org.HdrHistogram.Histogram;

/** How long a client waited for answers: from the upstream itself, and through the relay. */
final class Latency {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram direct = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram relayed = new Histogram(SIGNIFICANT_DIGITS);

    void direct(long nanos) {
        direct.recordValue(nanos);
    }

    void relayed(long nanos) {
        relayed.recordValue(nanos);
    }

    double directMicros(double percentile) {
        return direct.getValueAtPercentile(percentile) / 1e3;
    }

    double relayedMicros(double percentile) {
        return relayed.getValueAtPercentile(percentile) / 1e3;
    }
}
