package dev.sluice.nio.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Testbed;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The places of each client, which several workers take and give back at once. */
class ClientPermitsTest {
    private static final int WORKERS = 4;
    private static final int LIMIT = 2;
    private static final int TRIES = 100_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final AtomicInteger given = new AtomicInteger();
    private final ClientPermits permits = new ClientPermits(given::incrementAndGet);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();

    private static InetAddress client(int number) throws Exception {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
    }

    /** The most of one client that were inside at once, as far as one worker has seen. */
    private int takeAndGive() throws Exception {
        int most = 0;
        for (int i = 0; i < TRIES; i++) {
            Permit permit = permits.take(client(1), LIMIT);
            if (permit != null) {
                most = Math.max(most, inside.incrementAndGet());
                inside.decrementAndGet();
                taken.incrementAndGet();
                permit.give();
            }
        }
        return most;
    }

    @Test
    void noClientHasMoreThanTheLimitAndNoneIsRememberedWithoutAny() throws Exception {
        List<Future<Integer>> workers = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(bed.fork(this::takeAndGive));
        }

        for (Future<Integer> worker : workers) {
            assertThat(Await.result(worker)).isLessThanOrEqualTo(LIMIT);
        }
        assertThat(permits.clients()).isZero();
        assertThat(taken).hasPositiveValue();
        assertThat(given).hasValue(taken.get());
    }

    @Test
    void eachClientHasItsOwn() throws Exception {
        Permit first = permits.take(client(1), 1);

        assertThat(permits.take(client(1), 1)).isNull();
        assertThat(permits.take(client(2), 1)).isNotNull();
        first.give();
        assertThat(permits.take(client(1), 1)).isNotNull();
        assertThat(permits.clients()).isEqualTo(2);
    }
}
