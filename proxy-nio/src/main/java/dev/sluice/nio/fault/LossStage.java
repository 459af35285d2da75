package dev.sluice.nio.fault;

import dev.sluice.fault.Loss;
import java.nio.ByteBuffer;

/**
 * Datagrams are lost by chance, so many in a row each time. A row begins as often as makes their share of all the rate.
 *
 * <p>Thread: worker.
 */
final class LossStage implements DatagramStage {
    private final int burst;
    private final double begins;
    private final long seed;
    private long count;
    private int left;

    LossStage(Loss loss, long seed) {
        this.burst = loss.burst();
        this.begins = loss.rate() / (loss.rate() + burst * (1 - loss.rate()));
        this.seed = seed;
    }

    @Override
    public void take(ByteBuffer datagram, Leg on) {
        if (left == 0 && Chance.hits(begins, seed, count++)) {
            left = burst;
        }
        if (left > 0) {
            left--;
            on.lose();
        } else {
            on.pass(datagram);
        }
    }
}
