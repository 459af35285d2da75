package dev.sluice.examples.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Latencies direct beside relayed: numbers, and bars of text in which what the relay added stands out. */
final class LatencyChart {
    private static final double[] PERCENTILES = {50, 90, 99};
    private static final int LONGEST_BAR = 30;

    private LatencyChart() {}

    /** {@return the line above the charts} */
    static String heading() {
        return String.format(Locale.ROOT, "  %-16s%-4s%8s%8s%8s", "microseconds", "", "direct", "relayed", "added")
                + "   = direct  # added";
    }

    /** {@return a chart of 80 columns, with a scale of its own} */
    static List<String> lines(String title, Latency latency) {
        double scale = LONGEST_BAR / longest(latency);
        List<String> lines = new ArrayList<>();
        for (double percentile : PERCENTILES) {
            double direct = latency.directMicros(percentile);
            double relayed = latency.relayedMicros(percentile);
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-16sp%-3.0f%8.0f%8.0f%8s   %s",
                    lines.isEmpty() ? title : "",
                    percentile,
                    direct,
                    relayed,
                    added(relayed - direct),
                    bar(direct * scale, relayed * scale)));
        }
        return lines;
    }

    /** Nothing takes less time for being relayed: what seems to is within what cannot be told apart. */
    private static String added(double micros) {
        return micros < 0.5 ? "~0" : String.format(Locale.ROOT, "%+.0f", micros);
    }

    /** What fills a bar. The slowest few are mostly other work of the host: they do not squeeze the rest. */
    private static double longest(Latency latency) {
        double high = Math.max(latency.directMicros(90), latency.relayedMicros(90));
        double highest = Math.max(latency.directMicros(99), latency.relayedMicros(99));
        return Math.max(1, Math.min(highest, 2 * high));
    }

    private static String bar(double direct, double relayed) {
        long both = Math.round(Math.max(direct, relayed));
        String bar = "=".repeat((int) Math.max(1, Math.round(direct)));
        return both <= LONGEST_BAR ? pad(bar, both) : pad(bar, LONGEST_BAR).substring(0, LONGEST_BAR - 1) + ">";
    }

    private static String pad(String bar, long length) {
        return bar + "#".repeat((int) Math.max(0, length - bar.length()));
    }
}
