package dev.sluice.nio.route;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many flows a route or a server may have at once, exact over all workers: taken before dialling, given back by the
 * flow's one end.
 *
 * <p>Thread: any.
 */
public final class Permits {
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int limit;

    public Permits(int limit) {
        this.limit = limit;
    }

    /** A new limit for flows to come; those that have their permit keep it. */
    public void limit(int next) {
        limit = next;
    }

    boolean tryTake() {
        int most = limit;
        return taken.getAndAccumulate(most, (now, bound) -> now < bound ? now + 1 : now) < most;
    }

    void give() {
        taken.decrementAndGet();
    }
}
