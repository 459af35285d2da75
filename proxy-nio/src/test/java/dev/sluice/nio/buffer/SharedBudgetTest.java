package dev.sluice.nio.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Testbed;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One budget that several workers take from at once: what one of them is refused must not show with the others. */
class SharedBudgetTest {
    private static final int TRIES = 2_000_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    /** Has room for two small buffers, once a large one is taken. */
    private final BufferBudget budget = new BufferBudget(Buffers.LARGE + 2 * Buffers.SMALL);

    private final AtomicInteger refusedToOther = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private Future<Integer> takenByOther;

    @BeforeEach
    void anotherWorkerAsksForMoreThanThereIs() {
        bed.own((AutoCloseable) () -> stop.set(true));
        assertThat(budget.tryTake(Buffers.LARGE)).isTrue();
        takenByOther = bed.fork(() -> {
            int taken = 0;
            while (!stop.get()) {
                if (budget.tryTake(Buffers.LARGE)) {
                    taken++;
                } else {
                    refusedToOther.incrementAndGet();
                }
            }
            return taken;
        });
    }

    private void expectNothingTakenByOther() throws Exception {
        stop.set(true);
        assertThat(Await.result(takenByOther)).isZero();
        assertThat(budget.held()).isEqualTo(Buffers.LARGE);
    }

    /** Else a flow would be reset to make room although there was some. */
    @Test
    void whatFitsIsGrantedWhateverAnotherWorkerIsRefused() throws Exception {
        int refused = 0;
        while (refusedToOther.get() < TRIES) {
            if (budget.tryTake(Buffers.SMALL)) {
                budget.give(Buffers.SMALL);
            } else {
                refused++;
            }
        }

        assertThat(refused).as("refused what fits").isZero();
        expectNothingTakenByOther();
    }

    @Test
    void whatIsHeldIsNeverMoreThanTheLimit() throws Exception {
        long most = 0;
        while (refusedToOther.get() < TRIES) {
            most = Math.max(most, budget.held());
        }

        assertThat(most).isLessThanOrEqualTo(budget.limit());
        expectNothingTakenByOther();
    }
}
