package dev.sluice.nio.fault;

/**
 * How a fault ends the flow that it is at work on.
 *
 * <p>Thread: any.
 */
public enum Verdict {
    /** In good order, behind what has passed. */
    CLOSE,
    /** By a reset, behind what has passed. */
    RESET,
    /** By a reset, whatever is under way. */
    RESET_AT_ONCE
}
