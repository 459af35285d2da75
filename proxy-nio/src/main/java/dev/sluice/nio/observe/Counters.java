package dev.sluice.nio.observe;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * One row of counters: what one worker has counted for one route or one upstream. Only that worker writes, so an
 * ordered store is enough and nothing is ever lost; a reader adds up the rows of all workers.
 *
 * <p>Thread: worker for writing, any for reading.
 */
public final class Counters {
    private static final int ENDED = Counter.COUNT;
    private static final int DIAL_FAILURES = ENDED + CloseReason.values().length;
    private static final int DROPS = DIAL_FAILURES + DialFailure.values().length;
    private static final int SIZE = DROPS + DropReason.values().length;

    private final AtomicLongArray cells = new AtomicLongArray(SIZE);

    public void add(Counter counter, long count) {
        increase(counter.ordinal(), count);
    }

    public void ended(CloseReason reason) {
        increase(ENDED + reason.ordinal(), 1);
    }

    public void dialFailed(DialFailure failure) {
        increase(DIAL_FAILURES + failure.ordinal(), 1);
    }

    public void dropped(DropReason reason) {
        increase(DROPS + reason.ordinal(), 1);
    }

    public long get(Counter counter) {
        return cells.get(counter.ordinal());
    }

    public long get(CloseReason reason) {
        return cells.get(ENDED + reason.ordinal());
    }

    public long get(DialFailure failure) {
        return cells.get(DIAL_FAILURES + failure.ordinal());
    }

    public long get(DropReason reason) {
        return cells.get(DROPS + reason.ordinal());
    }

    private void increase(int cell, long count) {
        cells.lazySet(cell, cells.get(cell) + count);
    }
}
