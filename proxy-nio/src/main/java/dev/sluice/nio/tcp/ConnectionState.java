package dev.sluice.nio.tcp;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a connection is doing, and what it may do next.
 *
 * <p>Thread: any.
 */
enum ConnectionState {
    /** The peer is to send its header; nothing is dialled. */
    PREFACE,
    /** An upstream is being connected; what the client sends meanwhile waits. */
    DIALLING,
    /** Bytes may pass both ways. */
    OPEN,
    /** One side has ended its stream, the other goes on. */
    HALF_CLOSED,
    /** One side is gone, or the user has closed it: what was read before is delivered, and then it ends. */
    DELIVERING,
    CLOSED;

    private Set<ConnectionState> next;

    static {
        PREFACE.next = EnumSet.of(DIALLING, DELIVERING, CLOSED);
        DIALLING.next = EnumSet.of(OPEN, HALF_CLOSED, CLOSED);
        OPEN.next = EnumSet.of(HALF_CLOSED, DELIVERING, DIALLING, CLOSED);
        HALF_CLOSED.next = EnumSet.of(DELIVERING, DIALLING, CLOSED);
        DELIVERING.next = EnumSet.of(CLOSED);
        CLOSED.next = EnumSet.noneOf(ConnectionState.class);
    }

    /** No upstream has been reached. */
    boolean isBeforeOpen() {
        return this == PREFACE || this == DIALLING;
    }

    /** The next state, if the table allows it; anything else is a bug. */
    ConnectionState become(ConnectionState state) {
        if (!next.contains(state)) {
            throw new IllegalStateException(this + " must not become " + state);
        }
        return state;
    }
}
