package dev.sluice.nio;

import java.util.StringJoiner;
import java.util.function.ToLongFunction;

/**
 * Counters as a line for people, in which what is zero is mostly left out.
 *
 * <p>Thread: any.
 */
final class CountsText {
    private final StringJoiner parts = new StringJoiner(", ");

    CountsText always(String what, long count) {
        parts.add(what + " " + count);
        return this;
    }

    CountsText ifAny(String what, long count) {
        return count == 0 ? this : always(what, count);
    }

    <E extends Enum<E>> CountsText each(String what, E[] kinds, ToLongFunction<E> counts) {
        for (E kind : kinds) {
            ifAny(what + " " + kind, counts.applyAsLong(kind));
        }
        return this;
    }

    @Override
    public String toString() {
        return parts.toString();
    }
}
