package dev.sluice.fault;

/**
 * Datagrams come without what is beyond a length.
 *
 * @param bytes that length, 0 or more
 * @param rate the share of datagrams that it happens to, 0 to 1
 */
public record Truncation(int bytes, double rate) implements DatagramFault {
    /**
     * Checks the values.
     *
     * @param bytes see {@link #bytes()}
     * @param rate see {@link #rate()}
     */
    public Truncation {
        Bounds.atLeast("truncation to bytes", bytes, 0);
        Bounds.rate("truncation rate", rate);
    }

    /**
     * {@return the same for a share of datagrams}
     *
     * @param share 0 to 1
     */
    public Truncation rate(double share) {
        return new Truncation(bytes, share);
    }

    @Override
    public String toString() {
        return "truncation to " + bytes + " B" + (rate == 1 ? "" : ", rate " + rate);
    }
}
