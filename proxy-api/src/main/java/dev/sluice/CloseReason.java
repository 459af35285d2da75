package dev.sluice;

/** Why a flow ended or was refused: exactly one reason a flow, found in {@link FlowEnd#reason()}. */
public enum CloseReason {
    /** Both sides ended their stream and everything was delivered. */
    DONE,
    /** The client reset the connection. */
    CLIENT_RESET,
    /** The upstream reset the connection. */
    UPSTREAM_RESET,
    /** Nothing moved in either direction for the route's idle timeout; how a UDP session usually ends. */
    IDLE,
    /** One side had ended its stream and the other made no progress for the half-closed timeout. */
    HALF_CLOSED,
    /** The flow reached the route's maximum duration. */
    MAX_DURATION,
    /** No upstream was reached, and the last one tried refused the connection or reset it at once. */
    CONNECT_REFUSED,
    /** No upstream was reached in time: the last attempt, or all of them together, timed out. */
    CONNECT_TIMEOUT,
    /** No upstream was reached, and the last attempt failed in another way: unreachable, or its name unresolved. */
    CONNECT_FAILED,
    /**
     * No upstream was reached in time, on a route whose upstreams see the client's address: it may be that their
     * answers do not come back to this host.
     */
    NO_RETURN_ROUTE,
    /** No upstream was reached, and for the last one tried the client's port was taken. */
    SOURCE_PORT_TAKEN,
    /** No usable upstream has an address of the family that the route's upstreams are to see. */
    OTHER_FAMILY,
    /** The group had no usable upstream. */
    NO_UPSTREAM,
    /** The selector named no candidate although one was usable. */
    NO_CANDIDATE,
    /** The selector threw, or named something that is not a usable candidate. */
    SELECTOR_FAILED,
    /** The host ran out of descriptors, ports or memory, or withheld a permission; never an upstream's fault. */
    LOCAL_RESOURCES,
    /** The server's buffer budget was full and this flow had been stalled longest. */
    BUFFER_BUDGET,
    /** The route expects a PROXY header, and the peer is not one of those that it is expected from. */
    UNTRUSTED_PEER,
    /**
     * What came in place of the PROXY header is none, is for another transport, has a wrong checksum, or ended before
     * it was whole.
     */
    BAD_HEADER,
    /** The PROXY header did not come in time. */
    PREFACE_TIMEOUT,
    /** The client's address is one that the route does not allow, or denies. */
    DENIED,
    /** The server already had as many flows as it may. */
    LIMIT_SERVER,
    /** The route already had as many flows as it may. */
    LIMIT_ROUTE,
    /** Each upstream that was usable otherwise already had as many flows as it may. */
    LIMIT_UPSTREAM,
    /** The client's address already had as many flows on the route as it may. */
    LIMIT_CLIENT,
    /** The upstream was taken out of its group. */
    UPSTREAM_REMOVED,
    /**
     * The upstream was taken out of rotation: how a UDP session ends then, whose next datagram opens one elsewhere; and
     * a connection, if {@link HealthCheck#leaving} says so.
     */
    UPSTREAM_UNHEALTHY,
    /** The route was removed from the server. */
    ROUTE_REMOVED,
    /** The UDP session received the last answer it awaited. */
    ANSWERED,
    /** The application ended the flow with {@link Flow#close()} or {@link Flow#reset()}. */
    CLOSED_BY_USER,
    /** A fault that the route is under has ended the flow. */
    FAULT,
    /** The server was closed, or its shutdown deadline passed. */
    SHUTDOWN,
    /** A defect in the engine; it is logged, and a report is welcome. */
    INTERNAL
}
