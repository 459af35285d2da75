package dev.sluice.nio.fault;

import dev.sluice.nio.loop.Deadline;
import java.nio.ByteBuffer;

/**
 * One fault at one place of a session's datagrams: each that comes is passed on, once or more, now or later, or lost.
 *
 * <p>Thread: worker.
 */
interface DatagramStage {
    /** One comes; the buffer is the caller's, and may be changed by whoever it is passed on to. */
    void take(ByteBuffer datagram, Leg on);

    /** When it has something more to do. */
    default long due() {
        return Deadline.NEVER;
    }

    /** That time has come. */
    default void onDue(Leg on) {}

    /** The rule is undone: what is held goes on. */
    default void pour(Leg on) {}
}
