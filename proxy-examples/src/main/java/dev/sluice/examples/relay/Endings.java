package dev.sluice.examples.relay;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.RouteMetrics;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Counts by kind in words, those that are zero left out: {@code DONE 1040, CLIENT_RESET 2}. */
final class Endings {
    private static final Set<CloseReason> FAILED = EnumSet.of(
            CloseReason.CONNECT_REFUSED,
            CloseReason.CONNECT_TIMEOUT,
            CloseReason.CONNECT_FAILED,
            CloseReason.NO_UPSTREAM,
            CloseReason.NO_CANDIDATE,
            CloseReason.SELECTOR_FAILED,
            CloseReason.LOCAL_RESOURCES,
            CloseReason.BUFFER_BUDGET,
            CloseReason.LIMIT_SERVER,
            CloseReason.LIMIT_ROUTE,
            CloseReason.LIMIT_UPSTREAM,
            CloseReason.LIMIT_CLIENT,
            CloseReason.DENIED,
            CloseReason.INTERNAL);

    private Endings() {}

    /** How flows ended. */
    static String all(RouteMetrics metrics) {
        return String.join(", ", ended(metrics, EnumSet.allOf(CloseReason.class)));
    }

    /** What went wrong: flows that failed or were refused, and what {@link #misses} tells. */
    static String troubles(RouteMetrics metrics) {
        List<String> parts = new ArrayList<>();
        add(parts, "failed: ", ended(metrics, FAILED));
        String misses = misses(metrics);
        if (!misses.isEmpty()) {
            parts.add(misses);
        }
        return String.join("; ", parts);
    }

    /** What did not get through: dials, which another may have made good, and datagrams. */
    static String misses(RouteMetrics metrics) {
        List<String> parts = new ArrayList<>();
        List<String> dials = new ArrayList<>();
        for (DialFailure kind : DialFailure.values()) {
            add(dials, kind, metrics.dialFailures(kind));
        }
        add(parts, "dials failed: ", dials);
        List<String> drops = new ArrayList<>();
        for (DropReason reason : DropReason.values()) {
            add(drops, reason, metrics.drops(reason));
        }
        add(parts, "dropped: ", drops);
        return String.join("; ", parts);
    }

    private static List<String> ended(RouteMetrics metrics, Set<CloseReason> reasons) {
        List<String> counts = new ArrayList<>();
        for (CloseReason reason : reasons) {
            add(counts, reason, metrics.ended(reason));
        }
        return counts;
    }

    private static void add(List<String> counts, Enum<?> kind, long count) {
        if (count > 0) {
            counts.add(kind + " " + count);
        }
    }

    private static void add(List<String> parts, String title, List<String> counts) {
        if (!counts.isEmpty()) {
            parts.add(title + String.join(", ", counts));
        }
    }
}
