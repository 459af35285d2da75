package dev.sluice;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * The members of a group as one pick sees them, numbered from 0 in the group's order. Belongs to the caller of
 * {@link UpstreamSelector#select} and must not be kept.
 */
public interface Candidates {

    /** {@return how many members there are, usable or not} */
    int size();

    /**
     * {@return a member}
     *
     * @param i its number, 0 to {@code size() - 1}
     * @throws IndexOutOfBoundsException if there is no such number
     */
    Upstream upstream(int i);

    /**
     * {@return whether this flow may be sent there: its weight is not 0, it has fewer flows than
     * {@link Upstream#maxConnections}, it was not tried for this flow before, and it is healthy, or none that is
     * healthy is left to try, or the group is in panic}
     *
     * @param i its number, 0 to {@code size() - 1}
     * @throws IndexOutOfBoundsException if there is no such number
     */
    boolean usable(int i);

    /**
     * {@return how many flows it has now, those still dialling it included, over all workers and routes of the group}
     *
     * @param i its number, 0 to {@code size() - 1}
     * @throws IndexOutOfBoundsException if there is no such number
     */
    int active(int i);

    /**
     * {@return its share of the flows, 1 to 1000 if it is usable: that of {@link Upstream#weight()}, or less while it
     * starts slowly}
     *
     * @param i its number, 0 to {@code size() - 1}
     * @throws IndexOutOfBoundsException if there is no such number
     */
    int weight(int i);

    /**
     * {@return 0 at the first pick for a flow, 1 at its first retry, and so on; a retry need not advance a rotation}
     */
    int attempt();

    /**
     * {@return the number of the first usable member that passes a test, or -1}
     *
     * @param test asked about usable members only, in order
     */
    default int first(Predicate<Upstream> test) {
        Objects.requireNonNull(test, "test");
        int size = size();
        for (int i = 0; i < size; i++) {
            if (usable(i) && test.test(upstream(i))) {
                return i;
            }
        }
        return -1;
    }
}
