package dev.sluice.nio.simulation;

/** How an address answers, whoever listens there. */
public enum Reach {
    /** As usual: who listens is reached, a dead port refuses. */
    OPEN,
    /** Refuses connections and datagrams. */
    REFUSED,
    /** Swallows everything and never answers. */
    SILENT,
    /** No route leads there. */
    UNREACHABLE
}
