package dev.sluice.nio.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Testbed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The places of a route, which several workers take and give back at once. */
class PermitsTest {
    private static final int WORKERS = 4;
    private static final int LIMIT = 3;
    private static final int TRIES = 100_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Permits permits = new Permits(LIMIT);
    private final AtomicInteger inside = new AtomicInteger();

    /** The most that were inside at once, as far as one worker has seen. */
    private int takeAndGive() {
        int most = 0;
        for (int i = 0; i < TRIES; i++) {
            if (permits.tryTake()) {
                most = Math.max(most, inside.incrementAndGet());
                inside.decrementAndGet();
                permits.give();
            }
        }
        return most;
    }

    @Test
    void thereAreNeverMoreThanTheLimitAndNoPlaceIsLostOrWon() throws Exception {
        List<Future<Integer>> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(bed.fork(this::takeAndGive));
        }

        for (Future<Integer> worker : workers) {
            assertThat(Await.result(worker)).isLessThanOrEqualTo(LIMIT);
        }
        for (int i = 0; i < LIMIT; i++) {
            assertThat(permits.tryTake()).isTrue();
        }
        assertThat(permits.tryTake()).isFalse();
    }
}
