package dev.sluice.fault;

/**
 * An end of stream comes behind so many bytes, and the other direction goes on; what the sender sends later is lost.
 * That stays so for a connection, even when the fault is over.
 *
 * @param bytes counted since the flow is under the fault; zero: the end comes at once, behind what
 *     was read before
 */
public record HalfClose(long bytes) implements StreamFault {
    /**
     * Checks the value.
     *
     * @param bytes 0 or more
     * @throws IllegalArgumentException if it is out of range
     */
    public HalfClose {
        Bounds.atLeast("half-close after bytes", bytes, 0);
    }

    @Override
    public String toString() {
        return "half-close" + (bytes == 0 ? "" : " after " + bytes + " B");
    }
}
