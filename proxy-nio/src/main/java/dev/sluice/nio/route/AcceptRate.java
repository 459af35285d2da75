package dev.sluice.nio.route;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many connections a route accepts a second, over all workers: each moves the moment on at which those accepted so
 * far are paid for, and none is accepted while that lies more than a tenth of a second ahead. (The generic cell rate
 * algorithm of ITU-T I.371.)
 *
 * <p>Thread: any.
 */
public final class AcceptRate {
    private static final long AHEAD = TimeUnit.SECONDS.toNanos(1) / 10;

    /** Far from overflow, whatever a clock reads. */
    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final AtomicLong paidUntil = new AtomicLong(LONG_AGO);
    /** Nanoseconds that each takes; zero is off. */
    private volatile long each;

    AcceptRate(int perSecond) {
        limit(perSecond);
    }

    void limit(int perSecond) {
        each = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** How long to wait before the next may be accepted, in nanoseconds; zero is not at all. */
    public long waitFrom(long now) {
        long cost = each;
        if (cost == 0) {
            return 0;
        }
        // One is always let through when nothing is owed, however long it takes to pay for.
        long allowance = Math.max(AHEAD - cost, 0);
        return Math.max(0, paidUntil.get() - now - allowance);
    }

    /** One was accepted. */
    public void accepted(long now) {
        long cost = each;
        if (cost > 0) {
            paidUntil.accumulateAndGet(now, (paid, at) -> Math.max(paid, at) + cost);
        }
    }
}
