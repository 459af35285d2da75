package dev.sluice.nio.tcp;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a connection is doing, and what it may do next.
 *
 * <p>Thread: any.
 */
enum ConnectionState {
    /** An upstream is being connected; what the client sends meanwhile waits. */
    DIALLING,
    /** Bytes may pass both ways. */
    OPEN,
    /** One side has ended its stream, the other goes on. */
    HALF_CLOSED,
    /** One side is gone; what it sent before is still being delivered to the other. */
    DELIVERING,
    /** All is written; the reset waits until the kernel has sent it. */
    RESETTING,
    CLOSED;

    private Set<ConnectionState> next;

    static {
        DIALLING.next = EnumSet.of(OPEN, HALF_CLOSED, CLOSED);
        OPEN.next = EnumSet.of(HALF_CLOSED, DELIVERING, DIALLING, CLOSED);
        HALF_CLOSED.next = EnumSet.of(DELIVERING, DIALLING, CLOSED);
        DELIVERING.next = EnumSet.of(RESETTING, CLOSED);
        RESETTING.next = EnumSet.of(CLOSED);
        CLOSED.next = EnumSet.noneOf(ConnectionState.class);
    }

    /** The next state, if the table allows it; anything else is a bug. */
    ConnectionState become(ConnectionState state) {
        if (!next.contains(state)) {
            throw new IllegalStateException(this + " must not become " + state);
        }
        return state;
    }
}
