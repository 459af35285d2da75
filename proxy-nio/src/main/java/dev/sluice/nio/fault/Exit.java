package dev.sluice.nio.fault;

import java.util.ArrayDeque;

/**
 * Behind the last gate: what is due, one portion at a time, so that a gate is not asked for more than is taken.
 *
 * <p>Thread: worker.
 */
final class Exit implements Passage {
    private final ArrayDeque<Chunk> due = new ArrayDeque<>();

    @Override
    public boolean takes() {
        return due.isEmpty();
    }

    @Override
    public void add(Chunk chunk, long at) {
        due.add(chunk);
    }

    Chunk first() {
        return due.peek();
    }

    void remove() {
        due.remove();
    }
}
