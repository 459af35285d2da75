package dev.sluice;

import dev.sluice.fault.Fault;
import dev.sluice.fault.ListeningFault;
import java.util.List;

/**
 * The faults of a running route. Any thread may call, apart from workers, that is from selectors and tests of rules.
 *
 * <p>Each rule is at work when the call that applied it returns: on all live flows that it is for, and on all that
 * begin from then on. Rules work in the order in which they were applied, and know nothing of each other.
 */
public interface RouteFaults {

    /**
     * Puts a rule to work.
     *
     * @param rule for which flows, and what happens to them
     * @return what undoes it
     * @throws IllegalArgumentException if a fault of the rule is not one for the route's kind or the rule's direction
     * @throws IllegalStateException if the route or its server is closed, or this is called on a worker
     * @throws java.io.UncheckedIOException if the rule takes a socket that cannot be had
     */
    RunningFault apply(FaultRule rule);

    /**
     * Puts faults to work on what the upstreams send, for all flows.
     *
     * @param first works first
     * @param more each works on what the one before lets through
     * @return what undoes it
     */
    default RunningFault toClient(Fault first, Fault... more) {
        return apply(FaultRule.toClient(first, more));
    }

    /**
     * Puts faults to work on what clients send, for all flows.
     *
     * @param first works first
     * @param more each works on what the one before lets through
     * @return what undoes it
     */
    default RunningFault toUpstream(Fault first, Fault... more) {
        return apply(FaultRule.toUpstream(first, more));
    }

    /**
     * Puts faults to work in both directions, for all flows.
     *
     * @param first works first
     * @param more each works on what the one before lets through
     * @return what undoes it
     */
    default RunningFault bothWays(Fault first, Fault... more) {
        return apply(FaultRule.bothWays(first, more));
    }

    /**
     * Has all clients that connect meet a fault.
     *
     * @param fault what they meet
     * @return what undoes it
     */
    default RunningFault listening(ListeningFault fault) {
        return apply(FaultRule.listening(fault));
    }

    /** {@return the rules at work, in their order} */
    List<RunningFault> running();

    /**
     * Undoes all rules, as {@link RunningFault#close()} does each.
     *
     * @throws IllegalStateException if called on a worker
     * @throws java.io.UncheckedIOException if a port cannot be bound again; then the rules of ports stay, and no others
     */
    void clear();
}
