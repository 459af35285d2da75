package dev.sluice;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * What happens to the live flows of an upstream or a route that is taken away. It gets no new flow in any case.
 *
 * @see LiveUpstreams#update(java.util.Collection, Leaving)
 * @see ProxyServer#remove(String, Leaving)
 */
public final class Leaving {

    /** The four ways to leave. */
    public enum Kind {
        /** Flows live on until they end by themselves. */
        KEEP,
        /** Flows have time to end by themselves; at its end the rest is reset. */
        DRAIN,
        /** Each flow is reset at its own random moment within the time. */
        SPREAD,
        /** All flows are reset at once. */
        CLOSE
    }

    private final Kind kind;
    private final Duration within;

    private Leaving(Kind kind, Duration within) {
        this.kind = kind;
        this.within = within;
    }

    private static Duration possible(String way, Duration within) {
        Objects.requireNonNull(within, "within");
        if (within.isNegative()) {
            throw new IllegalArgumentException(way + " " + within + " is negative; use zero for no time at all");
        }
        if (within.compareTo(Check.LONGEST) > 0) {
            throw new IllegalArgumentException(way + " " + within + " is too long; use at most "
                    + Check.LONGEST.toDays() + " days, or Leaving.keep()");
        }
        return within;
    }

    /** {@return leaving flows alone, for as long as they live} */
    public static Leaving keep() {
        return new Leaving(Kind.KEEP, Duration.ZERO);
    }

    /**
     * {@return letting flows end by themselves for a while, then resetting what is left}
     *
     * @param within how long flows have; zero gives them no time
     * @throws IllegalArgumentException if {@code within} is negative or over 36,500 days
     */
    public static Leaving drain(Duration within) {
        return new Leaving(Kind.DRAIN, possible("drain", within));
    }

    /**
     * {@return resetting each flow at its own random moment, so that clients do not come back all at once}
     *
     * @param within the time over which the moments are spread evenly; zero gives flows no time
     * @throws IllegalArgumentException if {@code within} is negative or over 36,500 days
     */
    public static Leaving spread(Duration within) {
        return new Leaving(Kind.SPREAD, possible("spread", within));
    }

    /** {@return resetting all flows at once} */
    public static Leaving close() {
        return new Leaving(Kind.CLOSE, Duration.ZERO);
    }

    /** {@return which of the ways this is} */
    public Kind kind() {
        return kind;
    }

    /** {@return the time given to flows; zero for {@link Kind#KEEP} and {@link Kind#CLOSE}, which have none} */
    public Duration within() {
        return within;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Leaving that && kind == that.kind && within.equals(that.within);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + within.hashCode();
    }

    /** {@return the way and, where it has one, the time} */
    @Override
    public String toString() {
        String way = kind.name().toLowerCase(Locale.ROOT);
        return kind == Kind.DRAIN || kind == Kind.SPREAD ? way + " " + within : way;
    }
}
