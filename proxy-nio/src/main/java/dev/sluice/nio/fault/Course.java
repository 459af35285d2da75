package dev.sluice.nio.fault;

import dev.sluice.Direction;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.worker.Worker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a connection under faults: what is read goes in, passes one gate after another, and comes out when
 * it is due. A stream's order is kept: nothing overtakes, the end of stream comes last.
 *
 * <p>What it holds is bounded. Beyond that it has no room, and its source is to be read no further.
 *
 * <p>Thread: worker.
 */
public final class Course {
    /** What one direction holds at most, and so what a latency lets through in its time. */
    private static final int MOST_HELD = 4 * 1024 * 1024;

    /** How many chunks may wait in one place behind another: slices of what is held take more memory than that. */
    static final int MOST_CHUNKS = MOST_HELD / Chunk.OVERHEAD;

    private final Worker worker;
    private final Timer timer;
    private final List<Link> links = new ArrayList<>();
    private Exit exit = new Exit();
    /** What was taken of the budget. */
    private int held;

    private boolean hasEnd;
    private boolean isEndOut;
    private Verdict verdict;

    /** @param onDue called when there is something to be taken, and not for that which is there after a call to it */
    public Course(Worker worker, Runnable onDue) {
        this.worker = worker;
        this.timer = new Timer(onDue::run);
    }

    /**
     * Adds the gates of a rule behind those that there are.
     *
     * @param entering bytes that were read before and come in next
     */
    public void add(Engagement engagement, Direction direction, int entering) {
        long waiting = entering + links.stream().mapToLong(Link::waiting).sum();
        for (Gate gate : engagement.gates(direction, worker, waiting)) {
            Link link = new Link(engagement.rule(), gate);
            links.add(link);
            if (gate.first() != null) {
                link.add(Chunk.of(gate.first()), worker.now());
            }
            wakeNoLaterThan(gate.alarm());
        }
    }

    /** Takes the gates of a rule away; what waited before them goes on to the next. */
    public void remove(ActiveRule rule) {
        for (int i = 0; i < links.size(); ) {
            Link link = links.get(i);
            if (link.rule() == rule) {
                links.remove(i);
                link.pour(next(i - 1), worker.now());
            } else {
                i++;
            }
        }
    }

    /** How many bytes may be read for it. One that holds nothing has room always, or it might never have again. */
    public int room() {
        if (held == 0) {
            return MOST_HELD;
        }
        return worker.buffers().budget().isStrained() ? 0 : Math.max(0, MOST_HELD - held - Chunk.OVERHEAD);
    }

    /** Whether it holds no bytes. */
    public boolean isEmpty() {
        return held == 0;
    }

    /** Takes a copy of what was read. */
    public void take(ByteBuffer read) {
        Chunk chunk = Chunk.copyOf(read);
        hold(chunk.cost());
        // Read anew: what came late in a turn must not be taken for older than it is.
        next(-1).add(chunk, worker.loop().readClock());
    }

    /** Takes it that the source sends no more. */
    public void end() {
        if (!hasEnd) {
            hasEnd = true;
            next(-1).add(Chunk.of(Chunk.Mark.END), worker.loop().readClock());
        }
    }

    private Passage next(int index) {
        return index + 1 < links.size() ? links.get(index + 1) : exit;
    }

    /**
     * The bytes to be written next, each portion by a write of its own, or null where none is due. They stay the next
     * until they are taken from the buffer.
     */
    public ByteBuffer due() {
        while (checkVerdict() == null) {
            if (exit.first() == null) {
                pump();
            }
            Chunk first = exit.first();
            if (first == null) {
                return null;
            }
            if (first.length() > 0 && !isEndOut) {
                return first.bytes();
            }
            exit.remove();
            leave(first);
        }
        return null;
    }

    private void pump() {
        for (int i = 0; i < links.size(); i++) {
            wakeNoLaterThan(links.get(i).pump(worker.now(), next(i), this));
        }
    }

    private void leave(Chunk gone) {
        giveBack(gone);
        if (gone.mark() == Chunk.Mark.END) {
            isEndOut = true;
        } else if (gone.mark() != null) {
            verdict = gone.mark() == Chunk.Mark.CLOSE ? Verdict.CLOSE : Verdict.RESET;
        }
    }

    /** So much more is held. */
    void hold(int cost) {
        held += cost;
        worker.buffers().budget().takeAnyway(cost);
    }

    /** The chunk is held no more. */
    void giveBack(Chunk chunk) {
        held -= chunk.cost();
        worker.buffers().budget().give(chunk.cost());
    }

    /** How the flow is to end by now; null if it is not. */
    public Verdict checkVerdict() {
        long alarm = alarm();
        if (alarm <= worker.now()) {
            verdict = Verdict.RESET_AT_ONCE;
        }
        wakeNoLaterThan(alarm);
        return verdict;
    }

    private long alarm() {
        long first = Deadline.NEVER;
        for (Link link : links) {
            first = Math.min(first, link.alarm());
        }
        return first;
    }

    private void wakeNoLaterThan(long time) {
        if (time != Deadline.NEVER) {
            worker.timers().armNoLaterThan(timer, time);
        }
    }

    /** Whether bytes are due that have not been taken. */
    public boolean isBlocked() {
        return exit.first() != null;
    }

    /** Whether the end has come out, and so all that was before it; what comes later is lost. */
    public boolean isEndOut() {
        return isEndOut;
    }

    /** Whether there is no fault any more, nor anything left of one. */
    public boolean isSpent() {
        return links.isEmpty() && exit.first() == null && verdict == null;
    }

    /** Drops what it holds, and is of no use any more. */
    public void release() {
        worker.timers().cancel(timer);
        worker.buffers().budget().give(held);
        held = 0;
        links.clear();
        exit = new Exit();
    }
}
