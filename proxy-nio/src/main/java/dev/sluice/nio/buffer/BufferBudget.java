package dev.sluice.nio.buffer;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of buffers a whole server may hold for slow receivers; counted by capacity, since that is what memory
 * is spent on.
 *
 * <p>Thread: any.
 */
public final class BufferBudget {
    private final long limit;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong pooled = new AtomicLong();
    private final List<Buffers> workers = new CopyOnWriteArrayList<>();

    public BufferBudget(long limit) {
        this.limit = limit;
    }

    void join(Buffers worker) {
        workers.add(worker);
    }

    /** The worker on which the flow lives that has waited longest of all, or null if none waits. */
    Buffers longestStalled() {
        Buffers longest = null;
        for (Buffers worker : workers) {
            long since = worker.oldestSince();
            if (since != Buffers.NONE && (longest == null || since < longest.oldestSince())) {
                longest = worker;
            }
        }
        return longest;
    }

    public boolean tryTake(int bytes) {
        return tryTakeWithin(limit, bytes);
    }

    /** Takes what another worker is about to make room for: by one large buffer at most the limit may be passed. */
    boolean tryTakeAhead(int bytes) {
        return tryTakeWithin(limit + Buffers.LARGE, bytes);
    }

    private boolean tryTakeWithin(long most, int bytes) {
        long now = held.get();
        while (now + bytes <= most) {
            if (held.compareAndSet(now, now + bytes)) {
                return true;
            }
            now = held.get();
        }
        return false;
    }

    /** Takes what is there already and must be held; to be called only where that is bounded in another way. */
    public void takeAnyway(int bytes) {
        held.addAndGet(bytes);
    }

    public void give(int bytes) {
        held.addAndGet(-bytes);
    }

    /** Whether a buffer that is given back may wait in a pool: all that do, with those held, stay within the limit. */
    boolean tryPool(int bytes) {
        if (pooled.addAndGet(bytes) + held.get() <= limit) {
            return true;
        }
        pooled.addAndGet(-bytes);
        return false;
    }

    void unpool(int bytes) {
        pooled.addAndGet(-bytes);
    }

    /** A huge buffer would leave three quarters free: time to read more at once. */
    boolean isPlentiful() {
        return held.get() + Buffers.HUGE <= limit / 4;
    }

    /** More than half is taken: time to read less at once. */
    public boolean isStrained() {
        return held.get() > limit / 2;
    }

    /** A large buffer no longer fits: time to accept nobody. */
    public boolean isExhausted() {
        return held.get() + Buffers.LARGE > limit;
    }

    public long held() {
        return held.get();
    }

    public long limit() {
        return limit;
    }
}
