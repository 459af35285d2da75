package dev.sluice.nio.loop;

/**
 * Arithmetic on loop times, in which a duration of zero is off and a deadline that never comes is {@link #NEVER}.
 *
 * <p>Thread: any.
 */
public final class Deadline {
    public static final long NEVER = Long.MAX_VALUE;

    private Deadline() {}

    /** The time {@code nanos} after {@code start}, or never where the duration is off. */
    public static long after(long start, long nanos) {
        return nanos == 0 || nanos > NEVER - start ? NEVER : start + nanos;
    }
}
