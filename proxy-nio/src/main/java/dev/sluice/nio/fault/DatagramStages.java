package dev.sluice.nio.fault;

import dev.sluice.fault.BlackHole;
import dev.sluice.fault.Corruption;
import dev.sluice.fault.Duplication;
import dev.sluice.fault.Fault;
import dev.sluice.fault.Latency;
import dev.sluice.fault.Loss;
import dev.sluice.fault.PeriodicLoss;
import dev.sluice.fault.Rebinding;
import dev.sluice.fault.Reordering;
import dev.sluice.fault.SelectiveLoss;
import dev.sluice.fault.Stall;
import dev.sluice.fault.Truncation;
import dev.sluice.nio.loop.Deadline;
import java.nio.ByteBuffer;

/**
 * Makes the stage of a fault.
 *
 * <p>Thread: worker.
 *
 * @param seed what the stage leaves to chance is drawn from it
 */
record DatagramStages(long seed) {
    DatagramStage of(Fault fault) {
        if (fault instanceof Latency latency) {
            long delay = latency.delay().toNanos();
            long jitter = latency.jitter().toNanos();
            return new HoldingStage((now, number) -> now + delay + Chance.spread(jitter, seed, number));
        }
        if (fault instanceof Stall) {
            return new HoldingStage((now, number) -> Deadline.NEVER);
        }
        if (fault instanceof Reordering reordering) {
            return new ReorderingStage(reordering, seed);
        }
        if (fault instanceof Rebinding rebinding) {
            return new RebindingStage(rebinding);
        }
        if (fault instanceof Loss loss) {
            return new LossStage(loss, seed);
        }
        if (fault instanceof BlackHole) {
            return (datagram, on) -> on.lose();
        }
        if (fault instanceof SelectiveLoss loss) {
            return (datagram, on) -> loseIf(loss, datagram, on);
        }
        return counting(fault);
    }

    /** Those that only know how many datagrams came before. */
    private DatagramStage counting(Fault fault) {
        if (fault instanceof PeriodicLoss loss) {
            return counted((datagram, number, on) -> loseIf((number + 1) % loss.every() == 0, datagram, on));
        }
        if (fault instanceof Duplication duplication) {
            return counted((datagram, number, on) -> duplicate(duplication, datagram, number, on));
        }
        if (fault instanceof Corruption corruption) {
            return counted((datagram, number, on) -> corrupt(corruption, datagram, number, on));
        }
        if (fault instanceof Truncation truncation) {
            return counted((datagram, number, on) -> truncate(truncation, datagram, number, on));
        }
        throw new IllegalArgumentException(fault + " is not a fault of datagrams");
    }

    private interface CountedStage {
        void take(ByteBuffer datagram, long number, Leg on);
    }

    private static DatagramStage counted(CountedStage stage) {
        return new DatagramStage() {
            private long count;

            @Override
            public void take(ByteBuffer datagram, Leg on) {
                stage.take(datagram, count++, on);
            }
        };
    }

    private static void loseIf(SelectiveLoss loss, ByteBuffer datagram, Leg on) {
        boolean isLost = false;
        try {
            // A slice, so that the payload begins at 0, and nothing around it is seen.
            isLost = loss.isLost().test(datagram.slice().asReadOnlyBuffer());
        } catch (Throwable e) {
            on.onCallbackFailure(e);
        }
        loseIf(isLost, datagram, on);
    }

    private static void loseIf(boolean isLost, ByteBuffer datagram, Leg on) {
        if (isLost) {
            on.lose();
        } else {
            on.pass(datagram);
        }
    }

    private void duplicate(Duplication duplication, ByteBuffer datagram, long number, Leg on) {
        if (Chance.hits(duplication.rate(), seed, number)) {
            on.pass(ByteBuffer.allocate(datagram.remaining())
                    .put(datagram.duplicate())
                    .flip());
        }
        on.pass(datagram);
    }

    private void corrupt(Corruption corruption, ByteBuffer datagram, long number, Leg on) {
        if (datagram.hasRemaining() && Chance.hits(corruption.rate(), seed, number)) {
            long bit = (long) (Chance.fraction(~seed, number) * datagram.remaining() * Byte.SIZE);
            int index = datagram.position() + (int) (bit / Byte.SIZE);
            datagram.put(index, (byte) (datagram.get(index) ^ 1 << bit % Byte.SIZE));
        }
        on.pass(datagram);
    }

    private void truncate(Truncation truncation, ByteBuffer datagram, long number, Leg on) {
        if (datagram.remaining() > truncation.bytes() && Chance.hits(truncation.rate(), seed, number)) {
            datagram.limit(datagram.position() + truncation.bytes());
        }
        on.pass(datagram);
    }
}
