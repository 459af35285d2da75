package dev.sluice.nio.simulation;

import dev.sluice.nio.loop.Clock;
import java.time.Duration;

/** A clock that stands still until it is told to go on. */
final class ManualClock implements Clock {
    private long nanos;

    @Override
    public long nanos() {
        return nanos;
    }

    void advance(Duration time) {
        nanos += time.toNanos();
    }
}
