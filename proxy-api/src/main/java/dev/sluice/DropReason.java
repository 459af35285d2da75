package dev.sluice;

/** Why a UDP datagram was not relayed. */
public enum DropReason {
    /** It would open a session, and the group has no usable upstream. */
    NO_UPSTREAM,
    /** It would open a session, and the selector named no candidate although one was usable. */
    NO_CANDIDATE,
    /** It would open a session, and the selector threw or named something that is not a usable candidate. */
    SELECTOR_FAILED,
    /** No usable upstream has an address of the family that the route's upstreams are to see. */
    OTHER_FAMILY,
    /** It would open a session, and the client's own port was taken for it, and no other was to do. */
    SOURCE_PORT_TAKEN,
    /** The upstream's name has no address. */
    UNRESOLVED,
    /** There is no way to the upstream's address. */
    UNREACHABLE,
    /** It would open a session, and the route has as many as it may. */
    SESSION_LIMIT,
    /** It would open a session, and the server has as many flows as it may. */
    SERVER_LIMIT,
    /** It would open a session, and its client's address has as many as it may. */
    CLIENT_LIMIT,
    /** It would open a session, and each upstream that was usable otherwise has as many flows as it may. */
    UPSTREAM_LIMIT,
    /** The route expects a PROXY header, and the datagram's sender is not one of those that it is expected from. */
    UNTRUSTED_PEER,
    /** The route expects a PROXY header in each datagram, and this one does not begin with one. */
    BAD_HEADER,
    /** It comes from an address that the route does not allow, or denies. */
    DENIED,
    /** It is longer than the route's largest datagram, or than any with its PROXY header; datagrams are never cut. */
    OVERSIZE,
    /** It would open a session, and the host has no port left for one. */
    NO_PORT,
    /** It would open a session, and the host lacks a descriptor, memory or permission. */
    LOCAL_RESOURCES,
    /** The kernel would not take it just then. */
    SEND_FAILED,
    /** Too many datagrams already wait for the upstream's name to be resolved, or for a fault that delays them. */
    WAITING_LIMIT,
    /** A fault that the route is under has lost it. */
    FAULT,
    /** It comes from a new client while the route or the server drains, or waits in a session that is ended. */
    DRAINING
}
