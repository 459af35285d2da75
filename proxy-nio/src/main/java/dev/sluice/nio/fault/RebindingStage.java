package dev.sluice.nio.fault;

import dev.sluice.fault.Rebinding;
import java.nio.ByteBuffer;

/**
 * Before a datagram passes that is due to, the session gets another port.
 *
 * <p>Thread: worker.
 */
final class RebindingStage implements DatagramStage {
    private final long every;
    private boolean hasBegun;
    private boolean isDone;
    private long next;

    RebindingStage(Rebinding rebinding) {
        this.every = rebinding.every().toNanos();
    }

    @Override
    public void take(ByteBuffer datagram, Leg on) {
        if (every == 0 && !isDone) {
            isDone = true;
            on.rebind();
        } else if (every > 0 && !hasBegun) {
            next = on.readClock() + every;
        } else if (every > 0 && on.readClock() >= next) {
            next = on.readClock() + every;
            on.rebind();
        }
        hasBegun = true;
        on.pass(datagram);
    }
}
