package dev.sluice.fault;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Datagrams are lost that a test picks.
 *
 * @param isLost is given the payload, read-only; runs on a worker and must not block or keep its argument
 */
public record SelectiveLoss(Predicate<ByteBuffer> isLost) implements DatagramFault {
    /**
     * Checks the value.
     *
     * @param isLost see {@link #isLost()}
     */
    public SelectiveLoss {
        Objects.requireNonNull(isLost, "isLost");
    }

    @Override
    public String toString() {
        return "loss of some";
    }
}
