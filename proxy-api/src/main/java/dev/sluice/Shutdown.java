package dev.sluice;

/** How {@link ProxyServer#shutdown} ended. */
public enum Shutdown {
    /** Every flow had ended by itself before the deadline. */
    DRAINED,
    /** Flows were still live at the deadline, or the server was closed meanwhile, and they were reset. */
    FORCED
}
