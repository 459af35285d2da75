package dev.sluice.nio.fault;

import dev.sluice.fault.Bandwidth;
import dev.sluice.fault.BlackHole;
import dev.sluice.fault.Fault;
import dev.sluice.fault.HalfClose;
import dev.sluice.fault.Latency;
import dev.sluice.fault.Limit;
import dev.sluice.fault.Reset;
import dev.sluice.fault.Slicing;
import dev.sluice.fault.SlowClose;
import dev.sluice.fault.Stall;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.worker.Worker;

/**
 * Makes the gate of a fault.
 *
 * <p>Thread: worker.
 *
 * @param seed what the gate leaves to chance is drawn from it
 * @param shared what all flows under the rule share for this fault
 * @param waiting bytes that were read before, which an end "at once" follows
 */
record Gates(Worker worker, long seed, SharedRate shared, long waiting) {
    Gate of(Fault fault) {
        if (fault instanceof Latency latency) {
            return new LatencyGate(latency, seed);
        }
        if (fault instanceof Bandwidth bandwidth) {
            SharedRate own = new SharedRate(worker.loop().toClock(worker.now()));
            return new BandwidthGate(bandwidth, worker.loop(), bandwidth.isShared() ? shared : own);
        }
        if (fault instanceof Slicing slicing) {
            return new SlicingGate(slicing, seed);
        }
        if (fault instanceof Limit limit) {
            return new CountingGate(limit.bytes(), Chunk.Mark.CLOSE);
        }
        if (fault instanceof HalfClose halfClose) {
            return new CountingGate(halfClose.bytes() > 0 ? halfClose.bytes() : waiting, Chunk.Mark.END);
        }
        if (fault instanceof Reset reset) {
            return reset.bytes() > 0
                    ? new CountingGate(reset.bytes(), Chunk.Mark.RESET)
                    : resetAt(worker.now() + reset.after().toNanos());
        }
        if (fault instanceof SlowClose slow) {
            return slowClose(slow.delay().toNanos());
        }
        if (fault instanceof BlackHole) {
            return blackHole();
        }
        if (fault instanceof Stall) {
            return stall();
        }
        throw new IllegalArgumentException(fault + " is not a fault of a stream");
    }

    private static Gate resetAt(long time) {
        return new Gate() {
            @Override
            public long alarm() {
                return time;
            }
        };
    }

    private static Gate slowClose(long delay) {
        return new Gate() {
            @Override
            public long opens(Chunk portion, long now) {
                return portion.mark() == Chunk.Mark.END ? portion.since + delay : portion.since;
            }
        };
    }

    private static Gate blackHole() {
        return new Gate() {
            @Override
            public long opens(Chunk portion, long now) {
                return portion.mark() == null ? portion.since : Deadline.NEVER;
            }

            @Override
            public boolean admits(Chunk portion) {
                return false;
            }
        };
    }

    private static Gate stall() {
        return new Gate() {
            @Override
            public long opens(Chunk portion, long now) {
                return Deadline.NEVER;
            }
        };
    }
}
