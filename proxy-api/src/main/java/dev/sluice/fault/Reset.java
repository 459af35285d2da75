package dev.sluice.fault;

import java.time.Duration;

/**
 * The flow is reset, both ways: after so many bytes of this direction, which arrive before it; or, where those are
 * zero, after a time, whatever is under way then.
 *
 * @param bytes counted since the flow is under the fault; zero: the time decides
 * @param after since the flow is under the fault; zero, without bytes: at once
 */
public record Reset(long bytes, Duration after) implements StreamFault {
    /**
     * Checks the values.
     *
     * @param bytes see {@link #bytes()}
     * @param after see {@link #after()}
     */
    public Reset {
        Bounds.atLeast("reset after bytes", bytes, 0);
        Bounds.duration("reset after", after);
        if (bytes > 0 && !after.isZero()) {
            throw new IllegalArgumentException("reset after " + bytes + " bytes and after " + after
                    + ": give one of the two; for whichever comes first use two faults");
        }
    }

    @Override
    public String toString() {
        return bytes > 0 ? "reset after " + bytes + " B" : after.isZero() ? "reset" : "reset after " + after;
    }
}
