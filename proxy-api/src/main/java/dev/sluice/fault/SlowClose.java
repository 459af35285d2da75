package dev.sluice.fault;

import java.time.Duration;

/**
 * The end of stream comes later; data does not.
 *
 * @param delay by how much
 */
public record SlowClose(Duration delay) implements StreamFault {
    /**
     * Checks the value.
     *
     * @param delay see {@link #delay()}
     */
    public SlowClose {
        Bounds.duration("slow close", delay);
    }

    @Override
    public String toString() {
        return "slow close " + delay;
    }
}
