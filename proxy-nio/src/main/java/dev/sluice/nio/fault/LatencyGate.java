package dev.sluice.nio.fault;

import dev.sluice.fault.Latency;

/**
 * Each portion passes after a delay of its own, though never before the one that came before it.
 *
 * <p>Thread: worker.
 */
final class LatencyGate implements Gate {
    private final Latency latency;
    private final long seed;
    private long offset;
    private long last = Long.MIN_VALUE;

    LatencyGate(Latency latency, long seed) {
        this.latency = latency;
        this.seed = seed;
    }

    @Override
    public long opens(Chunk portion, long now) {
        if (portion.mark() != null && !(latency.ofEnd() && portion.mark() == Chunk.Mark.END)) {
            return portion.since;
        }
        long jitter = Chance.spread(latency.jitter().toNanos(), seed, offset);
        last = Math.max(last, portion.since + latency.delay().toNanos() + jitter);
        offset += portion.length();
        return last;
    }
}
