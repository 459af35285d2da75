package dev.sluice.fault;

import java.time.Duration;
import java.util.Objects;

/** Checks the settings of faults. */
final class Bounds {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Bounds() {}

    static long atLeast(String field, long value, long lowest) {
        if (value < lowest) {
            throw new IllegalArgumentException(field + " " + value + " is out of range; use " + lowest + " or more");
        }
        return value;
    }

    static double rate(String field, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    field + " " + value + " is out of range; use 0 for none to 1 for all, such as 0.1");
        }
        return value;
    }

    static Duration duration(String field, Duration value) {
        Objects.requireNonNull(value, field);
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    field + " " + value + " is out of range; use zero to " + LONGEST.toDays() + " days");
        }
        return value;
    }
}
