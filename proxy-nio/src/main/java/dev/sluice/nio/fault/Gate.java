package dev.sluice.nio.fault;

import dev.sluice.nio.loop.Deadline;

/**
 * One fault at one place of a stream: when what comes to it may pass, and whether it does.
 *
 * <p>Thread: worker.
 */
interface Gate {
    /** What it lets pass of itself, before all that comes to it; null for nothing. */
    default Chunk.Mark first() {
        return null;
    }

    /** How many of the bytes that are there pass as one, each portion being asked for by itself. */
    default int portion(int available) {
        return available;
    }

    /** When this portion may pass, which is the next; asked once for it. */
    default long opens(Chunk portion, long now) {
        return portion.since;
    }

    /** The portion passes; false if it is lost. */
    default boolean admits(Chunk portion) {
        return true;
    }

    /** What is to follow behind the portion that has just passed; null for nothing. */
    default Chunk.Mark follows() {
        return null;
    }

    /** When the flow is to be reset, whatever is under way. */
    default long alarm() {
        return Deadline.NEVER;
    }
}
