package dev.sluice.nio.fault;

/**
 * Where chunks go next.
 *
 * <p>Thread: worker.
 */
interface Passage {
    /** Whether it takes one now; if not it is asked again. */
    boolean takes();

    /** Takes one, which comes to it at this time; in order. */
    void add(Chunk chunk, long at);
}
