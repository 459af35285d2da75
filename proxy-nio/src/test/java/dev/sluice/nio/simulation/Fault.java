package dev.sluice.nio.simulation;

/** What the network may do to the code under test, each with a probability of its own in {@link Faults}. */
public enum Fault {
    /** A read gives fewer bytes than have arrived. */
    SHORT_READ,
    /** A write takes fewer bytes than there is room for. */
    SHORT_WRITE,
    /** A read or receive finds nothing, although the key was ready. */
    READ_BLOCKED,
    /** A TCP write takes nothing, although the key was ready. */
    WRITE_BLOCKED,
    /** An accept finds nothing, although the key was ready. */
    ACCEPT_BLOCKED,
    /** A ready key is left out of one select. */
    NOT_SELECTED,
    /** Something on the wire stays there for one more step: a segment, an end, a reset, a connect, a datagram. */
    LATE,
    /** A connect is over before the call returns, well or badly, instead of being pending. */
    CONNECT_AT_ONCE,
    /** A connect that is over before the call returns is called pending nevertheless, as Linux does on one host. */
    CONNECT_CALLED_PENDING,
    /** A connect is refused although somebody listens. */
    CONNECT_REFUSED,
    /** A connect is never answered. */
    CONNECT_SILENT,
    /** A connect finds no route. */
    CONNECT_UNREACHABLE,
    /** A connect to a loopback address where nobody listens meets itself. */
    CONNECT_TO_ITSELF,
    /** An automatic bind finds no free port. */
    NO_PORT,
    /** An open or accept finds no free descriptor. */
    NO_DESCRIPTOR,
    /** A datagram is not taken: the send buffer is full. */
    SEND_BLOCKED,
    /** Sending a datagram is not permitted. */
    SEND_REFUSED,
    /** A datagram is lost on the way. */
    DATAGRAM_LOST,
    /** A datagram arrives twice. */
    DATAGRAM_DOUBLED
}
