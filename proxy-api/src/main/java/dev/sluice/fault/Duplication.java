package dev.sluice.fault;

/**
 * Datagrams come twice, one right after the other.
 *
 * @param rate the share of them, 0 to 1
 */
public record Duplication(double rate) implements DatagramFault {
    /**
     * Checks the value.
     *
     * @param rate see {@link #rate()}
     */
    public Duplication {
        Bounds.rate("duplication rate", rate);
    }

    @Override
    public String toString() {
        return "duplication " + rate;
    }
}
