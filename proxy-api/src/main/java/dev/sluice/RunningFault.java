package dev.sluice;

/**
 * A rule at work on a route. Any thread may call.
 *
 * <p>What it is for is a block that it is closed at the end of: {@code try (var slow = …) { … }}.
 */
public interface RunningFault extends AutoCloseable {

    /** {@return the rule} */
    FaultRule rule();

    /** {@return the seed that its choices are drawn from: the rule's, or else the one that was drawn for it} */
    long seed();

    /** {@return how many flows have been under it so far; 0 for a fault that is not a matter of flows} */
    long flows();

    /**
     * {@return whether it is at work: it was not closed, and its time is not over}
     *
     * <p>One that had closed a port is at work until that is bound again; while somebody else has it this is tried each
     * 100 ms.
     */
    boolean isRunning();

    /**
     * Undoes the rule, and nothing else: what it held back comes at once, in order, through the faults of other rules;
     * what it has lost, or whom it has refused, stays so. Returns when it is undone. Idempotent; does nothing once the
     * server or the route is closed.
     *
     * @throws IllegalStateException if called on a worker, that is in a selector or a test of a rule
     * @throws java.io.UncheckedIOException if a port that the rule had closed cannot be bound again; then closing it
     *     once more tries again
     */
    @Override
    void close();
}
