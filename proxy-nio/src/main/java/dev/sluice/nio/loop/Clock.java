package dev.sluice.nio.loop;

import java.time.Instant;

/**
 * Where a loop reads the time, in nanoseconds from any origin; a test turns the hands itself.
 *
 * <p>Thread: any.
 */
@FunctionalInterface
public interface Clock {
    long nanos();

    /** The time of day, for people; never compared. */
    default Instant wallTime() {
        return Instant.now();
    }

    static Clock system() {
        return System::nanoTime;
    }
}
