package dev.sluice.examples.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Latencies direct beside relayed, as bars of text. */
final class LatencyChart {
    private static final double[] PERCENTILES = {50, 90, 99};
    private static final int LONGEST_BAR = 44;

    private LatencyChart() {}

    /** {@return a chart of at most 80 columns; the longest of its bars is as long as a bar can be} */
    static List<String> of(String title, Latency latency) {
        double longest = 1;
        for (double percentile : PERCENTILES) {
            longest = Math.max(longest, latency.directMicros(percentile));
            longest = Math.max(longest, latency.relayedMicros(percentile));
        }
        List<String> lines = new ArrayList<>();
        String name = title;
        for (double percentile : PERCENTILES) {
            double direct = latency.directMicros(percentile);
            double relayed = latency.relayedMicros(percentile);
            lines.add(String.format(
                    Locale.ROOT, "  %-4s p%.0f  direct  %7.0f  %s", name, percentile, direct, bar(direct / longest)));
            lines.add(String.format(
                    Locale.ROOT,
                    "            relayed %7.0f  %s %+.0f",
                    relayed,
                    bar(relayed / longest),
                    relayed - direct));
            name = "";
        }
        return lines;
    }

    static String bar(double share) {
        return "#".repeat((int) Math.max(1, Math.round(share * LONGEST_BAR)));
    }
}
