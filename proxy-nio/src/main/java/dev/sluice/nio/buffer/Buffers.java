package dev.sluice.nio.buffer;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * The buffers of one worker: a scratch buffer that every read goes through, and pooled ones for what a receiver does
 * not take at once. Direct memory cannot be given back on Java 17, so it is taken late and kept.
 *
 * <p>Thread: worker.
 */
public final class Buffers {
    /** A read for a receiver that keeps up, while memory is plentiful: fewer and larger segments, fewer wake-ups. */
    public static final int HUGE = 2 * 1024 * 1024;

    /** One read for any other, and so the most that is held for it. */
    public static final int LARGE = 256 * 1024;

    /** A small rest, or a read while memory is short. */
    public static final int SMALL = 16 * 1024;

    static final long NONE = Long.MAX_VALUE;

    private final BufferBudget budget;
    private final Executor worker;
    private final ArrayDeque<Stalled> freeHuge = new ArrayDeque<>();
    private final ArrayDeque<Stalled> freeLarge = new ArrayDeque<>();
    private final ArrayDeque<Stalled> freeSmall = new ArrayDeque<>();
    /** Small until something needs more. */
    private Stalled scratch = new Stalled(ByteBuffer.allocateDirect(SMALL));
    /** Null until a receiver keeps up, or when there is no memory for it. */
    private Stalled huge;
    /** The one of the two that was given out last. */
    private Stalled current = scratch;

    /** Direct memory ran out once; trying again would stop the worker for as long as the JDK waits for some. */
    private boolean wasExhausted;

    private Stalled oldest;
    private Stalled newest;
    private int inUse;
    /** Other workers look at it when there is no room. */
    private volatile long oldestSince = NONE;

    /** Buffers of the worker that runs what it is given. */
    public Buffers(BufferBudget budget, Executor worker) {
        this.budget = budget;
        this.worker = worker;
        budget.join(this);
    }

    public BufferBudget budget() {
        return budget;
    }

    /** How much one stream read should ask for at the moment, for a receiver that keeps up or for any other. */
    public int readSize(boolean keepsUp) {
        if (budget.isStrained()) {
            return SMALL;
        }
        boolean plentiful = !wasExhausted && budget.isPlentiful();
        return keepsUp && plentiful ? HUGE : scratch.buffer.capacity();
    }

    /** A read has filled what it asked for, and what it read is dealt with: the next may ask for more. */
    public void filled() {
        if (scratch.buffer.capacity() == SMALL) {
            Stalled larger = take(LARGE);
            scratch = larger == null ? scratch : larger;
        }
    }

    /** A scratch buffer, emptied, to be filled with up to {@code most} bytes; valid until the next call. */
    public ByteBuffer scratch(int most) {
        current = most > LARGE ? hugeIfThereIsMemory() : scratchFor(most);
        ByteBuffer buffer = current.buffer;
        return buffer.clear().limit(Math.min(most, buffer.capacity()));
    }

    private Stalled hugeIfThereIsMemory() {
        if (huge == null) {
            huge = take(HUGE);
        }
        return huge == null ? scratch : huge;
    }

    private Stalled scratchFor(int most) {
        if (most > scratch.buffer.capacity()) {
            scratch = new Stalled(ByteBuffer.allocateDirect(LARGE));
        }
        return scratch;
    }

    /**
     * Keeps what is left in the scratch buffer: a small rest moves to a small buffer, a large one keeps the scratch
     * buffer, which is replaced. While the budget is full the flow that has waited longest is evicted, which may be the
     * holder's own. Returns null if there is no memory to be had.
     */
    public Stalled holdScratch(Stalled.Holder holder, long now) {
        boolean small = current.buffer.remaining() <= SMALL;
        int capacity = small ? SMALL : current.buffer.capacity();
        if (!makeRoom(capacity)) {
            return null;
        }
        Stalled fresh = take(capacity);
        if (fresh == null && capacity != HUGE) {
            budget.give(capacity);
            return null;
        }
        Stalled kept = small ? fresh : current;
        if (small) {
            fresh.buffer.clear().put(current.buffer).flip();
        } else if (kept == huge) {
            huge = fresh;
        } else {
            scratch = fresh;
        }
        kept.holder = holder;
        kept.since = now;
        return append(kept);
    }

    private boolean makeRoom(int capacity) {
        while (!budget.tryTake(capacity)) {
            Buffers longest = budget.longestStalled();
            if (longest != null && longest != this && budget.tryTakeAhead(capacity)) {
                longest.evictOldestLater();
                return true;
            }
            if (oldest == null) {
                return false;
            }
            evictOldest();
        }
        return true;
    }

    /** Evicts the flow that has waited longest, on any worker: where all rest at a full budget nobody makes room. */
    public void evictLongestStalled() {
        Buffers longest = budget.longestStalled();
        if (longest == this) {
            evictOldest();
        } else if (longest != null) {
            longest.evictOldestLater();
        }
    }

    private void evictOldestLater() {
        worker.execute(this::evictOldest);
    }

    private void evictOldest() {
        if (oldest != null) {
            oldest.holder.evict();
        }
    }

    long oldestSince() {
        return oldestSince;
    }

    /** Gives the buffer back to the pool, whatever is left in it. */
    public void release(Stalled stalled) {
        unlink(stalled);
        stalled.holder = null;
        inUse--;
        int capacity = stalled.buffer.capacity();
        budget.give(capacity);
        if (budget.tryPool(capacity)) {
            free(capacity).push(stalled);
        }
    }

    /** Buffers held by flows; zero when nothing is stalled. */
    public int inUse() {
        return inUse;
    }

    private ArrayDeque<Stalled> free(int capacity) {
        return switch (capacity) {
            case SMALL -> freeSmall;
            case LARGE -> freeLarge;
            default -> freeHuge;
        };
    }

    private Stalled take(int capacity) {
        Stalled pooled = free(capacity).poll();
        if (pooled != null) {
            budget.unpool(capacity);
            return pooled;
        }
        try {
            return new Stalled(ByteBuffer.allocateDirect(capacity));
        } catch (OutOfMemoryError directMemoryExhausted) {
            wasExhausted = true;
            return null;
        }
    }

    private Stalled append(Stalled stalled) {
        inUse++;
        stalled.older = newest;
        if (newest == null) {
            oldest = stalled;
            oldestSince = stalled.since;
        } else {
            newest.newer = stalled;
        }
        newest = stalled;
        return stalled;
    }

    private void unlink(Stalled stalled) {
        if (stalled.older == null) {
            oldest = stalled.newer;
            oldestSince = oldest == null ? NONE : oldest.since;
        } else {
            stalled.older.newer = stalled.newer;
        }
        if (stalled.newer == null) {
            newest = stalled.older;
        } else {
            stalled.newer.older = stalled.older;
        }
        stalled.older = null;
        stalled.newer = null;
    }
}
