package dev.sluice.nio.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.Await;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The buffers of two workers with one budget: what they keep of the memory that does not come back by itself. */
class BuffersTest {
    private static final int ALL = 32;
    private static final long LIMIT = (long) ALL * Buffers.LARGE;
    /** Less than the least that is too much, and more than others may take meanwhile. */
    private static final long NOISE = 4L * Buffers.LARGE;

    private static final Stalled.Holder NOBODY = () -> {
        throw new IllegalStateException("nobody needs to make room");
    };

    private final BufferPoolMXBean directMemory = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .findFirst()
            .orElseThrow();
    private final BufferBudget budget = new BufferBudget(LIMIT);
    private final Buffers one = new Buffers(budget, Runnable::run);
    private final Buffers two = new Buffers(budget, Runnable::run);
    private long before;

    @BeforeEach
    void nothingIsKept() {
        before = Await.standstill(this::afterCollection);
    }

    private long afterCollection() {
        System.gc();
        return directMemory.getMemoryUsed();
    }

    private void expectKept(long most) {
        Await.until("what is kept is at most " + most + " bytes", () -> afterCollection() - before <= most + NOISE);
    }

    private static List<Stalled> holdAll(Buffers buffers) {
        List<Stalled> held = new ArrayList<>();
        for (int i = 0; i < ALL; i++) {
            buffers.scratch(Buffers.LARGE);
            held.add(buffers.holdScratch(NOBODY, 0));
        }
        assertThat(held).doesNotContainNull();
        return held;
    }

    private static void release(Buffers buffers, List<Stalled> held) {
        held.forEach(buffers::release);
    }

    @Test
    void whatWasGivenBackIsHeldAgain() {
        release(one, holdAll(one));
        long first = directMemory.getMemoryUsed();

        release(one, holdAll(one));

        assertThat(directMemory.getMemoryUsed()).isEqualTo(first);
        assertThat(budget.held()).isZero();
    }

    @Test
    void thePoolsOfAllWorkersStayWithinTheBudget() {
        release(one, holdAll(one));
        release(two, holdAll(two));

        assertThat(budget.held()).isZero();
        expectKept(LIMIT);
    }

    @Test
    void readsAskForLittleUntilOneWasFilled() {
        assertThat(one.readSize(false)).isEqualTo(Buffers.SMALL);

        one.filled();

        assertThat(one.readSize(false)).isEqualTo(Buffers.LARGE);
        assertThat(one.scratch(one.readSize(false)).remaining()).isEqualTo(Buffers.LARGE);
        assertThat(two.readSize(false)).as("of another worker").isEqualTo(Buffers.SMALL);
    }

    @Test
    void aReceiverThatKeepsUpIsReadMoreForWhileMemoryIsPlentiful() {
        assertThat(one.readSize(true)).isEqualTo(Buffers.HUGE);
        assertThat(one.scratch(one.readSize(true)).remaining()).isEqualTo(Buffers.HUGE);

        assertThat(budget.tryTake(1)).isTrue();

        assertThat(one.readSize(true)).isLessThan(Buffers.HUGE);
    }

    @Test
    void aRestKeepsTheBufferThatItWasReadInto() {
        Stalled huge = hold(Buffers.HUGE);
        Stalled large = hold(Buffers.LARGE);
        Stalled small = hold(Buffers.SMALL);

        assertThat(budget.held()).isEqualTo(Buffers.HUGE + Buffers.LARGE + Buffers.SMALL);
        assertThat(huge.bytes().get(0)).isEqualTo((byte) 1);
        assertThat(large.bytes().get(0)).isEqualTo((byte) 2);
        assertThat(small.bytes().get(0)).isEqualTo((byte) 3);
        release(one, List.of(huge, large, small));
        assertThat(budget.held()).isZero();
    }

    /** The rest that a read of so many bytes leaves; its first byte says which of them it was. */
    private Stalled hold(int bytes) {
        one.scratch(bytes).put(0, (byte) (one.inUse() + 1));
        return one.holdScratch(NOBODY, 0);
    }

    @Test
    void aDatagramHasRoomAtOnce() {
        assertThat(one.scratch(65_508).remaining()).isEqualTo(65_508);
    }
}
