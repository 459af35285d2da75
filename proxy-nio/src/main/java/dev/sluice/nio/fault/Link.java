package dev.sluice.nio.fault;

import dev.sluice.nio.loop.Deadline;
import java.util.ArrayDeque;

/**
 * A gate with what waits before it.
 *
 * <p>Thread: worker.
 */
final class Link implements Passage {
    private static final long UNASKED = Long.MIN_VALUE;

    private final ActiveRule rule;
    private final Gate gate;
    private final ArrayDeque<Chunk> waiting = new ArrayDeque<>();
    /** When the first that waits may pass. */
    private long opens = UNASKED;

    Link(ActiveRule rule, Gate gate) {
        this.rule = rule;
        this.gate = gate;
    }

    ActiveRule rule() {
        return rule;
    }

    long alarm() {
        return gate.alarm();
    }

    /** How many bytes wait. */
    long waiting() {
        return waiting.stream().mapToLong(Chunk::length).sum();
    }

    @Override
    public boolean takes() {
        return waiting.size() < Course.MOST_CHUNKS;
    }

    @Override
    public void add(Chunk chunk, long at) {
        chunk.since = at;
        waiting.add(chunk);
    }

    /**
     * Passes on what may pass, as far as the next takes it.
     *
     * @return when there may be more to pass; never if that is not a matter of time
     */
    long pump(long now, Passage next, Course course) {
        while (!waiting.isEmpty()) {
            if (opens == UNASKED) {
                opens = gate.opens(first(course), now);
            }
            if (opens > now) {
                return opens;
            }
            if (!next.takes()) {
                return Deadline.NEVER;
            }
            pass(waiting.poll(), next, course);
        }
        return Deadline.NEVER;
    }

    /** The first portion, split off what waits. */
    private Chunk first(Course course) {
        Chunk first = waiting.peek();
        int portion = first.mark() == null ? gate.portion(first.length()) : 0;
        if (portion < first.length()) {
            waiting.addFirst(first.split(portion));
            course.hold(Chunk.OVERHEAD);
        }
        return waiting.peek();
    }

    private void pass(Chunk chunk, Passage next, Course course) {
        long at = opens;
        opens = UNASKED;
        if (gate.admits(chunk)) {
            next.add(chunk, at);
        } else {
            course.giveBack(chunk);
        }
        if (gate.follows() != null) {
            next.add(Chunk.of(gate.follows()), at);
        }
    }

    /** The rule is undone: what waits goes on. */
    void pour(Passage next, long now) {
        waiting.forEach(chunk -> next.add(chunk, now));
        waiting.clear();
    }
}
