package dev.sluice.nio.observe;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The sum of several rows of {@link Counters} at one moment.
 *
 * <p>Thread: any.
 */
public final class Totals {
    private final Map<Counter, Long> counters = new EnumMap<>(Counter.class);
    private final Map<CloseReason, Long> ended = new EnumMap<>(CloseReason.class);
    private final Map<DialFailure, Long> dialFailures = new EnumMap<>(DialFailure.class);
    private final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);

    /** Reads endings before openings, so that no more flows seem ended than were opened. */
    public Totals(List<Counters> rows) {
        for (Counters row : rows) {
            for (CloseReason reason : CloseReason.values()) {
                ended.merge(reason, row.get(reason), Long::sum);
            }
        }
        for (Counters row : rows) {
            for (Counter counter : Counter.values()) {
                counters.merge(counter, row.get(counter), Long::sum);
            }
            for (DialFailure failure : DialFailure.values()) {
                dialFailures.merge(failure, row.get(failure), Long::sum);
            }
            for (DropReason reason : DropReason.values()) {
                drops.merge(reason, row.get(reason), Long::sum);
            }
        }
    }

    public long get(Counter counter) {
        return counters.getOrDefault(counter, 0L);
    }

    public long get(CloseReason reason) {
        return ended.getOrDefault(reason, 0L);
    }

    public long get(DialFailure failure) {
        return dialFailures.getOrDefault(failure, 0L);
    }

    public long get(DropReason reason) {
        return drops.getOrDefault(reason, 0L);
    }

    /** Flows opened that have not ended. */
    public long active() {
        return get(Counter.OPENED)
                - ended.values().stream().mapToLong(Long::longValue).sum();
    }
}
