package dev.sluice.nio.tcp;

import dev.sluice.TcpRoute;
import dev.sluice.nio.header.HeaderSettings;
import dev.sluice.nio.socket.Source;
import dev.sluice.nio.socket.StreamOptions;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Names;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How the connections of a TCP route are relayed, and where to; durations in nanoseconds, zero is off.
 *
 * <p>Thread: any.
 */
public record TcpSettings(
        Group group,
        Names names,
        Source source,
        StreamOptions stream,
        HeaderSettings headers,
        long prefaceTimeout,
        long connectTimeout,
        int connectAttempts,
        long connectDeadline,
        long idleTimeout,
        long halfClosedTimeout,
        long maxDuration,
        double maxDurationJitter) {
    /** The bounds of what a receiver has for the last two kilobytes, which may be under way when the sign comes. */
    private static final long LEAST_GRACE_MILLIS = 100;

    private static final long MOST_GRACE_MILLIS = 2_000;

    /** What bounds a last delivery where the half-closed timeout is off: it ends with a reset anyway. */
    private static final long DELIVERY_LIMIT = Duration.ofSeconds(60).toNanos();

    /** @param source what gives sockets towards upstreams their address; null for the host's own choice */
    public static TcpSettings of(TcpRoute route, Group group, Names names, Source source) {
        return new TcpSettings(
                group,
                names,
                source,
                new StreamOptions(route.noDelay(), (int)
                        Math.min(Integer.MAX_VALUE, route.keepAlive().toSeconds())),
                HeaderSettings.of(route),
                route.prefaceTimeout().toNanos(),
                route.connectTimeout().toNanos(),
                route.connectAttempts(),
                route.connectDeadline().toNanos(),
                route.idleTimeout().toNanos(),
                route.halfClosedTimeout().toNanos(),
                route.maxDuration().toNanos(),
                route.maxDurationJitter());
    }

    /** How long one connection may last at most: the jitter only lengthens. */
    long drawMaxDuration() {
        return (long) (maxDuration
                * (1 + maxDurationJitter * ThreadLocalRandom.current().nextDouble()));
    }

    /** How long an end waits for the last to arrive: as long as all before it took, within bounds. */
    static int graceMillis(long acknowledgedAfter) {
        long millis = TimeUnit.NANOSECONDS.toMillis(acknowledgedAfter);
        return (int) Math.max(LEAST_GRACE_MILLIS, Math.min(MOST_GRACE_MILLIS, millis));
    }

    /** How long a connection with one direction ended may make no progress. */
    long shorterTimeout() {
        return idleTimeout == 0 || halfClosedTimeout == 0
                ? Math.max(idleTimeout, halfClosedTimeout)
                : Math.min(idleTimeout, halfClosedTimeout);
    }

    /** How long a last delivery may make no progress. */
    long deliveryTimeout() {
        return halfClosedTimeout == 0 ? DELIVERY_LIMIT : halfClosedTimeout;
    }
}
