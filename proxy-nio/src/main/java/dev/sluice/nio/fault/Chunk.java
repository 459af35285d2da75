package dev.sluice.nio.fault;

import java.nio.ByteBuffer;

/**
 * What one stage of a course hands to the next: bytes of the stream, or a mark behind the last of them.
 *
 * <p>Thread: worker.
 */
final class Chunk {
    /** What a chunk without bytes says. */
    enum Mark {
        /** The source sends no more. */
        END,
        /** The flow is to be closed here. */
        CLOSE,
        /** The flow is to be reset here. */
        RESET
    }

    /** What it takes of memory beside its bytes: many small ones must not outgrow a bound. */
    static final int OVERHEAD = 128;

    private final ByteBuffer bytes;
    private final Mark mark;
    /** What it takes of memory. */
    private int cost;
    /** When it came to where it is. */
    long since;

    private Chunk(ByteBuffer bytes, Mark mark, int cost) {
        this.bytes = bytes;
        this.mark = mark;
        this.cost = cost;
    }

    static Chunk copyOf(ByteBuffer read) {
        int length = read.remaining();
        return new Chunk(ByteBuffer.allocate(length).put(read).flip(), null, length + OVERHEAD);
    }

    static Chunk of(Mark mark) {
        return new Chunk(null, mark, 0);
    }

    int cost() {
        return cost;
    }

    /** The bytes; null for a mark. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** The mark; null for bytes. */
    Mark mark() {
        return mark;
    }

    int length() {
        return bytes == null ? 0 : bytes.remaining();
    }

    /** Takes its first bytes away into a chunk of their own: the two cost an {@link #OVERHEAD} more than it did. */
    Chunk split(int length) {
        Chunk first = new Chunk(bytes.slice(bytes.position(), length), null, length + OVERHEAD);
        first.since = since;
        bytes.position(bytes.position() + length);
        cost -= length;
        return first;
    }
}
