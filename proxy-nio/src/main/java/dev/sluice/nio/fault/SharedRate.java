package dev.sluice.nio.fault;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A link that carries one portion after another, for any number of flows on any worker; on the clock of their server.
 *
 * <p>Thread: any.
 */
final class SharedRate {
    private final AtomicLong free;

    /** @param now when the link is free from */
    SharedRate(long now) {
        free = new AtomicLong(now);
    }

    /**
     * When the link has carried what it can begin with at this time at the earliest, and takes so long.
     */
    long reserve(long earliest, long takes) {
        return free.updateAndGet(now -> now - earliest < 0 ? earliest + takes : now + takes);
    }
}
