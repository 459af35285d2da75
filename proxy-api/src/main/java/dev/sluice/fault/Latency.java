package dev.sluice.fault;

import java.time.Duration;

/**
 * Data comes later. What was read at once comes at once; its jitter depends on the seed and on how many bytes came
 * before it, so that it is the same whenever the same bytes come in the same portions. A stream keeps its order; of
 * datagrams, one with less jitter overtakes.
 *
 * @param delay by how much
 * @param jitter by how much more or less than the delay at most, evenly spread; no more than the delay
 * @param ofConnect whether the upstream of a new TCP flow is dialled that much later, too; where both directions are
 *     under it by both, as a handshake takes a way and a way back
 * @param ofEnd whether an end of TCP stream comes that much later, too, even where no data is before it
 */
public record Latency(Duration delay, Duration jitter, boolean ofConnect, boolean ofEnd)
        implements StreamFault, DatagramFault {
    /**
     * Checks the values.
     *
     * @param delay see {@link #delay()}
     * @param jitter see {@link #jitter()}
     * @param ofConnect see {@link #ofConnect()}
     * @param ofEnd see {@link #ofEnd()}
     */
    public Latency {
        Bounds.duration("latency", delay);
        Bounds.duration("latency jitter", jitter);
        if (jitter.compareTo(delay) > 0) {
            throw new IllegalArgumentException(
                    "latency jitter " + jitter + " is more than the latency, " + delay + "; use that at most");
        }
    }

    /**
     * {@return the same, by up to so much more or less}
     *
     * @param most no more than the delay
     */
    public Latency jitter(Duration most) {
        return new Latency(delay, most, ofConnect, ofEnd);
    }

    /** {@return the same, with the upstream of a new TCP flow dialled that much later, too} */
    public Latency withConnect() {
        return new Latency(delay, jitter, true, ofEnd);
    }

    /** {@return the same, with an end of TCP stream coming that much later, too} */
    public Latency withEnd() {
        return new Latency(delay, jitter, ofConnect, true);
    }

    @Override
    public String toString() {
        return "latency " + delay + (jitter.isZero() ? "" : " +-" + jitter) + (ofConnect ? ", of connect" : "")
                + (ofEnd ? ", of end" : "");
    }
}
