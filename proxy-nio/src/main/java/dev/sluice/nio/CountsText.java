package dev.sluice.nio;

import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Totals;
import java.util.StringJoiner;
import java.util.function.ToLongFunction;

/**
 * Counters as a line for people, in which what is zero is mostly left out.
 *
 * <p>Thread: any.
 */
final class CountsText {
    private final StringJoiner parts = new StringJoiner(", ");

    /** Begins with what is counted of everything: flows, bytes and datagrams. */
    static CountsText of(Totals totals) {
        return new CountsText()
                .always("opened", totals.get(Counter.OPENED))
                .always("active", totals.active())
                .always("bytes to upstreams", totals.get(Counter.BYTES_TO_UPSTREAM))
                .always("bytes to clients", totals.get(Counter.BYTES_TO_CLIENT))
                .ifAny("datagrams to upstreams", totals.get(Counter.DATAGRAMS_TO_UPSTREAM))
                .ifAny("datagrams to clients", totals.get(Counter.DATAGRAMS_TO_CLIENT));
    }

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
