package dev.sluice.nio.fault;

import dev.sluice.fault.Slicing;

/**
 * The stream passes in slices whose ends are places in the stream; one that is not all there yet passes in parts.
 *
 * <p>Thread: worker.
 */
final class SlicingGate implements Gate {
    private final Slicing slicing;
    private final long seed;
    private long offset;
    /** Bytes that the slice under way still has. */
    private long left;
    /** When the next slice may begin. */
    private long next = Long.MIN_VALUE;

    SlicingGate(Slicing slicing, long seed) {
        this.slicing = slicing;
        this.seed = seed;
        this.left = length();
    }

    private long length() {
        return slicing.bytes() + Chance.spread(slicing.variation(), seed, offset);
    }

    @Override
    public int portion(int available) {
        return (int) Math.min(available, left);
    }

    @Override
    public long opens(Chunk portion, long now) {
        if (portion.mark() != null) {
            return portion.since;
        }
        long opens = Math.max(portion.since, next);
        offset += portion.length();
        left -= portion.length();
        if (left == 0) {
            left = length();
            next = opens + slicing.gap().toNanos();
        }
        return opens;
    }
}
