package dev.sluice;

import java.time.Duration;
import java.util.Objects;

/** Checks the values given to one named thing; what is wrong with one is said with that name in front. */
final class Check {
    /** Longest duration: added to any clock reading, even doubled by a jitter, it does not overflow nanoseconds. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private final String where;

    /** @param where begins each message, such as {@code route "web": } */
    Check(String where) {
        this.where = where;
    }

    static String name(String what, String name) {
        Objects.requireNonNull(name, what + " name");
        if (name.isEmpty()) {
            throw new IllegalArgumentException(what + " name is empty; use a word such as \"web\"");
        }
        if (name.chars()
                .anyMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c))) {
            throw new IllegalArgumentException(what + " name " + Quoted.of(name)
                    + " has whitespace or control characters; use one word such as \"web\" or \"web-1\"");
        }
        return name;
    }

    String where() {
        return where;
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(where + what);
    }

    <T> T given(String field, T value) {
        return Objects.requireNonNull(value, () -> where + field + " is null");
    }

    Duration duration(String field, Duration value) {
        given(field, value);
        if (value.isNegative()) {
            throw wrong(field + " " + value + " is negative; use zero to switch it off");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw wrong(field + " " + value + " is too long; use at most " + LONGEST.toDays()
                    + " days, or zero to switch it off");
        }
        return value;
    }

    int atLeast(String field, int value, int lowest, String meaning) {
        if (value < lowest) {
            throw wrong(field + " " + value + " is out of range; use " + lowest + " or more" + meaning);
        }
        return value;
    }
}
