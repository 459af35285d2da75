package dev.sluice.fault;

/**
 * Every so manieth datagram of a session is lost.
 *
 * @param every 1 for each, 2 for every second, and so on; counted since the session is under the fault
 */
public record PeriodicLoss(int every) implements DatagramFault {
    /**
     * Checks the value.
     *
     * @param every see {@link #every()}
     */
    public PeriodicLoss {
        Bounds.atLeast("loss every", every, 1);
    }

    @Override
    public String toString() {
        return "loss of every " + every + ".";
    }
}
