package dev.sluice.fault;

/**
 * Datagrams are lost by chance.
 *
 * @param rate the share of them in the long run, 0 for none to 1 for all
 * @param burst how many are lost in a row each time
 */
public record Loss(double rate, int burst) implements DatagramFault {
    /**
     * Checks the values.
     *
     * @param rate see {@link #rate()}
     * @param burst see {@link #burst()}
     */
    public Loss {
        Bounds.rate("loss rate", rate);
        Bounds.atLeast("loss burst", burst, 1);
    }

    /**
     * {@return the same share, but so many in a row each time}
     *
     * @param datagrams 1 or more
     */
    public Loss inBurstsOf(int datagrams) {
        return new Loss(rate, datagrams);
    }

    @Override
    public String toString() {
        return "loss " + rate + (burst == 1 ? "" : " in bursts of " + burst);
    }
}
