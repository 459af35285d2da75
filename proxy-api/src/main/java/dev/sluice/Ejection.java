package dev.sluice;

import java.time.Duration;

/**
 * When an upstream that fails is taken out of rotation, and for how long. Immutable.
 *
 * <p>Failures in a row count: dials that were refused, timed out or found no way, connections that were reset before a
 * byte had passed, and for UDP what ICMP reports. An answer of the upstream, or a connection that ends in good order,
 * begins a new row. What the own host lacks and what clients do never count.
 *
 * <p>The last upstream that is left is never ejected; and where only ejected ones are left to try for a flow, they are
 * tried. The default is three failures, 10 seconds at first and 5 minutes at most.
 */
public final class Ejection {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration MOST = Duration.ofMinutes(5);

    private final int failures;
    private final Duration first;
    private final Duration most;

    private Ejection(int failures, Duration first, Duration most) {
        this.failures = failures;
        this.first = first;
        this.most = most;
    }

    /** {@return no ejection: whatever fails stays in rotation} */
    public static Ejection off() {
        return new Ejection(0, FIRST, MOST);
    }

    /**
     * {@return ejection after so many failures in a row, for 10 seconds at first and 5 minutes at most}
     *
     * @param failures 1 or more
     * @throws IllegalArgumentException if it is less than 1
     */
    public static Ejection after(int failures) {
        return new Ejection(
                new Check("ejection: ").atLeast("failures", failures, 1, ", or Ejection.off()"), FIRST, MOST);
    }

    /**
     * {@return the same with other times}
     *
     * <p>Each ejection lasts twice as long as the one before, unless the upstream has been in rotation since for as
     * long as that lasted: then it begins with the first time again. One that returns is ejected by its first failure.
     *
     * @param first of an upstream's first ejection, above zero
     * @param most of any, at least as long as the first
     * @throws IllegalArgumentException if one is out of range
     */
    public Ejection times(Duration first, Duration most) {
        Check check = new Check("ejection: ");
        if (check.duration("first time", first).isZero()) {
            throw check.wrong("first time is zero; use a longer one, or Ejection.off()");
        }
        if (check.duration("longest time", most).compareTo(first) < 0) {
            throw check.wrong("longest time " + most + " is shorter than the first, " + first);
        }
        return new Ejection(failures, first, most);
    }

    /** {@return failures in a row; 0 if ejection is off} */
    public int failures() {
        return failures;
    }

    /** {@return how long an upstream's first ejection lasts} */
    public Duration first() {
        return first;
    }

    /** {@return how long any ejection lasts at most} */
    public Duration most() {
        return most;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ejection that
                && failures == that.failures
                && first.equals(that.first)
                && most.equals(that.most);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * failures + first.hashCode()) + most.hashCode();
    }

    @Override
    public String toString() {
        return failures == 0 ? "off" : "after " + failures + " failures, for " + first + " to " + most;
    }
}
