package dev.sluice.fault;

/**
 * The flow is closed in good order once so many bytes have passed in this direction since it is under the fault: both
 * sides see an end of stream after what came before it.
 *
 * @param bytes 1 or more; what the sender has sent beyond them is lost
 */
public record Limit(long bytes) implements StreamFault {
    /**
     * Checks the value.
     *
     * @param bytes see {@link #bytes()}
     */
    public Limit {
        Bounds.atLeast("limit in bytes", bytes, 1);
    }

    @Override
    public String toString() {
        return "limit of " + bytes + " B";
    }
}
