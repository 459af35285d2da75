package dev.sluice.nio.fault;

import java.nio.ByteBuffer;

/**
 * A datagram that waits for its time.
 *
 * <p>Thread: worker.
 *
 * @param due when it passes
 * @param number by which of two that are due at once the earlier passes first
 */
record HeldDatagram(ByteBuffer bytes, long due, long number) implements Comparable<HeldDatagram> {
    @Override
    public int compareTo(HeldDatagram other) {
        int byTime = Long.compare(due, other.due);
        return byTime == 0 ? Long.compare(number, other.number) : byTime;
    }
}
