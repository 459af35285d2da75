package dev.sluice.nio.tcp;

import dev.sluice.TcpRoute;
import dev.sluice.nio.socket.StreamOptions;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Names;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How the connections of a TCP route are relayed, and where to; durations in nanoseconds, zero is off.
 *
 * <p>Thread: any.
 */
public record TcpSettings(
        Group group,
        Names names,
        StreamOptions stream,
        long connectTimeout,
        int connectAttempts,
        long connectDeadline,
        long idleTimeout,
        long halfClosedTimeout,
        long maxDuration,
        double maxDurationJitter) {
    /** Twice what was needed for readers that pause: the last two kilobytes are sent, but perhaps not yet received. */
    private static final long GRACE = Duration.ofMillis(100).toNanos();

    /** What bounds a last delivery where the half-closed timeout is off: it ends with a reset anyway. */
    private static final long DELIVERY_LIMIT = Duration.ofSeconds(60).toNanos();

    public static TcpSettings of(TcpRoute route, Group group, Names names) {
        return new TcpSettings(
                group,
                names,
                new StreamOptions(route.noDelay(), (int)
                        Math.min(Integer.MAX_VALUE, route.keepAlive().toSeconds())),
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

    /** How long a reset waits for the acknowledgement of what was sent before it, and then for the last of it. */
    long resetTimeout(boolean acknowledged) {
        return acknowledged ? GRACE : deliveryTimeout();
    }

    long deliveryTimeout() {
        return halfClosedTimeout == 0 ? DELIVERY_LIMIT : halfClosedTimeout;
    }
}
