package dev.sluice;

/**
 * What becomes of an attempt to reach an upstream when the client's own port cannot be had for it: because it talks to
 * that upstream already (over UDP, from the same server), or somebody else on this host has it.
 */
public enum PortTaken {
    /** The upstream sees another port of the client's address; {@link RouteMetrics#sourcePortsChanged} counts it. */
    ANOTHER,
    /** The attempt fails, with {@link DialFailure#SOURCE_PORT_TAKEN}, and the next upstream is tried. */
    REFUSE
}
