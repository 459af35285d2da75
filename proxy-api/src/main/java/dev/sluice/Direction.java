package dev.sluice;

/** One of the two ways that a flow's data goes. */
public enum Direction {
    /** From the client. */
    TO_UPSTREAM,
    /** From the upstream. */
    TO_CLIENT
}
