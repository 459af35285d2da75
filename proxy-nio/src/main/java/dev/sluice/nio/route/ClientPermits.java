package dev.sluice.nio.route;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many flows each client address has, exact over all workers. It knows those alone that have one.
 *
 * <p>Thread: any.
 */
final class ClientPermits {
    /** One client's count. Once it is back at none it is over, and another takes its place. */
    private final class Count implements Permit {
        private static final int OVER = -1;

        private final InetAddress client;
        private final AtomicInteger taken = new AtomicInteger();

        Count(InetAddress client) {
            this.client = client;
        }

        boolean isOver() {
            return taken.get() == OVER;
        }

        boolean tryTake(int limit) {
            int before = taken.getAndAccumulate(limit, (now, bound) -> now == OVER || now >= bound ? now : now + 1);
            return before != OVER && before < limit;
        }

        @Override
        public void give() {
            if (taken.decrementAndGet() == 0 && taken.compareAndSet(0, OVER)) {
                counts.remove(client, this);
            }
            rest.give();
        }
    }

    private final ConcurrentMap<InetAddress, Count> counts = new ConcurrentHashMap<>();
    private final Permit rest;

    /** @param rest what each of its permits gives back besides */
    ClientPermits(Permit rest) {
        this.rest = rest;
    }

    /** A permit of this client, or null where it has that many already. */
    Permit take(InetAddress client, int limit) {
        while (true) {
            Count count = counts.computeIfAbsent(client, Count::new);
            if (count.tryTake(limit)) {
                return count;
            }
            if (!count.isOver()) {
                return null;
            }
            // Whoever ended it takes it out of the map in a moment; to help is quicker than to wait.
            counts.remove(client, count);
        }
    }

    /** Addresses that have a flow. */
    int clients() {
        return counts.size();
    }
}
