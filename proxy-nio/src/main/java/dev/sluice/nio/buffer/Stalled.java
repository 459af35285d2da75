package dev.sluice.nio.buffer;

import java.nio.ByteBuffer;

/**
 * Bytes that a receiver has not taken yet, in the pooled buffer that holds them; ready to be written from. It is pooled
 * with its buffer, so that a short write allocates nothing.
 *
 * <p>Thread: worker. Whoever holds it releases it once, through {@link Buffers#release}.
 */
public final class Stalled {
    /** Who waits for the receiver, and gives its buffer back when the budget runs out. */
    public interface Holder {
        /** Releases the buffer, by ending the flow that it belongs to. */
        void evict();
    }

    final ByteBuffer buffer;
    /** Null while nobody waits. */
    Holder holder;

    long since;
    Stalled older;
    Stalled newer;

    Stalled(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** The bytes, between position and limit. */
    public ByteBuffer bytes() {
        return buffer;
    }

    public boolean isEmpty() {
        return !buffer.hasRemaining();
    }

    /** How many bytes may be added behind those that wait. */
    public int room() {
        return buffer.capacity() - buffer.limit();
    }

    public void add(ByteBuffer more) {
        int start = buffer.position();
        buffer.position(buffer.limit()).limit(buffer.capacity());
        buffer.put(more);
        buffer.limit(buffer.position()).position(start);
    }
}
