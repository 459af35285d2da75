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
    /**
     * The route's upstreams see the client's address, or a fixed one, and the upstream has none of that family; counted
     * for the route, never for an upstream.
     */
    OTHER_FAMILY,
    /** The client's own port was taken, and no other was to do; counted for the route, never for an upstream. */
    SOURCE_PORT_TAKEN,
    /** The own host lacked a descriptor, port or permission; counted for the route, never for an upstream. */
    LOCAL_RESOURCES
}
