package dev.sluice.nio.fault;

import dev.sluice.nio.loop.Deadline;
import java.nio.ByteBuffer;
import java.util.PriorityQueue;
import java.util.function.LongBinaryOperator;

/**
 * Each datagram passes at a time of its own, which may be never, until the rule is undone; what is due first passes
 * first, and of two that are due at once the one that came first.
 *
 * <p>Thread: worker.
 */
final class HoldingStage implements DatagramStage {
    private final LongBinaryOperator due;
    private final PriorityQueue<HeldDatagram> held = new PriorityQueue<>();
    private long count;

    /** @param due when one passes, by the time at which it comes and by how many came before */
    HoldingStage(LongBinaryOperator due) {
        this.due = due;
    }

    @Override
    public void take(ByteBuffer datagram, Leg on) {
        HeldDatagram copy = on.hold(datagram, due.applyAsLong(on.readClock(), count++));
        if (copy != null) {
            held.add(copy);
        }
    }

    @Override
    public long due() {
        return held.isEmpty() ? Deadline.NEVER : held.peek().due();
    }

    @Override
    public void onDue(Leg on) {
        while (due() <= on.now()) {
            on.passHeld(held.poll());
        }
    }

    @Override
    public void pour(Leg on) {
        while (!held.isEmpty()) {
            on.passHeld(held.poll());
        }
    }
}
