package dev.sluice.nio.buffer;

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

    public BufferBudget(long limit) {
        this.limit = limit;
    }

    public boolean tryTake(int bytes) {
        if (held.addAndGet(bytes) <= limit) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    public void give(int bytes) {
        held.addAndGet(-bytes);
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
