package dev.sluice.nio.fault;

import dev.sluice.fault.Latency;
import dev.sluice.nio.loop.Deadline;
import java.nio.ByteBuffer;
import java.util.PriorityQueue;

/**
 * Each datagram passes after a delay of its own; one with less jitter overtakes.
 *
 * <p>Thread: worker.
 */
final class DelayStage implements DatagramStage {
    private final Latency latency;
    private final long seed;
    private final PriorityQueue<HeldDatagram> held = new PriorityQueue<>();
    private long count;

    DelayStage(Latency latency, long seed) {
        this.latency = latency;
        this.seed = seed;
    }

    @Override
    public void take(ByteBuffer datagram, Leg on) {
        long jitter = Chance.spread(latency.jitter().toNanos(), seed, count++);
        HeldDatagram copy = on.hold(datagram, on.readClock() + latency.delay().toNanos() + jitter);
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
