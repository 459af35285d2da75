package dev.sluice.nio.route;

import dev.sluice.CloseReason;
import dev.sluice.nio.loop.Deadline;

/**
 * A moment at which a flow ends, whatever it is doing.
 *
 * <p>Thread: worker.
 */
record Ending(long at, CloseReason reason) {
    static boolean isBefore(long at, Ending ending) {
        return at < (ending == null ? Deadline.NEVER : ending.at);
    }
}
