package dev.sluice;

/** Why one attempt to reach an upstream failed. */
public enum DialFailure {
    /** Nothing listens at the address. */
    REFUSED,
    /** No answer within the connect timeout. */
    TIMEOUT,
    /** There is no way to the address, or connecting failed for any reason that has no kind of its own. */
    UNREACHABLE,
    /** The connection was made, and the upstream reset it before one byte went either way. */
    RESET,
    /** The upstream's name has no address. */
    UNRESOLVED,
    /** The own host lacked a descriptor, port or permission; counted for the route, never for an upstream. */
    LOCAL_RESOURCES
}
