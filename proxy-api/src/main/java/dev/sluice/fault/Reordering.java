package dev.sluice.fault;

import java.time.Duration;

/**
 * Datagrams come after others that were sent later. Where all of them are to, they wait for each other, and come in the
 * order in which they were sent, each later by the distance.
 *
 * @param rate the share of them, 0 to 1
 * @param distance how many others go first
 * @param longest how long one waits for them at most; above zero
 */
public record Reordering(double rate, int distance, Duration longest) implements DatagramFault {
    /**
     * Checks the values.
     *
     * @param rate see {@link #rate()}
     * @param distance see {@link #distance()}
     * @param longest see {@link #longest()}
     */
    public Reordering {
        Bounds.rate("reordering rate", rate);
        Bounds.atLeast("reordering distance", distance, 1);
        if (Bounds.duration("longest reordering", longest).isZero()) {
            throw new IllegalArgumentException("longest reordering is zero; use a longer time");
        }
    }

    /**
     * {@return the same, with so many others going first}
     *
     * @param datagrams 1 or more
     */
    public Reordering distance(int datagrams) {
        return new Reordering(rate, datagrams, longest);
    }

    /**
     * {@return the same, with another time that one waits for others at most}
     *
     * @param time above zero
     */
    public Reordering longest(Duration time) {
        return new Reordering(rate, distance, time);
    }

    @Override
    public String toString() {
        return "reordering " + rate + " by " + distance + ", " + longest + " at most";
    }
}
