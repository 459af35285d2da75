package dev.sluice.fault;

/**
 * Datagrams come with one bit of their payload flipped; an empty one comes as it is.
 *
 * @param rate the share of them, 0 to 1
 */
public record Corruption(double rate) implements DatagramFault {
    /**
     * Checks the value.
     *
     * @param rate see {@link #rate()}
     */
    public Corruption {
        Bounds.rate("corruption rate", rate);
    }

    @Override
    public String toString() {
        return "corruption " + rate;
    }
}
