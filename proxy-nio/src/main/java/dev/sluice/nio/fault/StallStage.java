package dev.sluice.nio.fault;

import dev.sluice.nio.loop.Deadline;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Nothing passes until the rule is undone.
 *
 * <p>Thread: worker.
 */
final class StallStage implements DatagramStage {
    private final ArrayDeque<HeldDatagram> held = new ArrayDeque<>();

    @Override
    public void take(ByteBuffer datagram, Leg on) {
        HeldDatagram copy = on.hold(datagram, Deadline.NEVER);
        if (copy != null) {
            held.add(copy);
        }
    }

    @Override
    public void pour(Leg on) {
        while (!held.isEmpty()) {
            on.passHeld(held.poll());
        }
    }
}
