package dev.sluice.fault;

import java.time.Duration;

/**
 * Data comes in pieces, each sent by itself. Where a piece ends depends on the seed and on how many bytes came before,
 * not on how they were sent; but a piece does not wait for bytes that have not been sent.
 *
 * @param bytes how long a piece is
 * @param variation by how much longer or shorter at most, evenly spread; less than the bytes
 * @param gap the time between one piece and the next; zero: none
 */
public record Slicing(int bytes, int variation, Duration gap) implements StreamFault {
    /**
     * Checks the values.
     *
     * @param bytes see {@link #bytes()}
     * @param variation see {@link #variation()}
     * @param gap see {@link #gap()}
     */
    public Slicing {
        Bounds.atLeast("slice bytes", bytes, 1);
        Bounds.atLeast("slice variation", variation, 0);
        Bounds.duration("slice gap", gap);
        if (variation >= bytes) {
            throw new IllegalArgumentException(
                    "slice variation " + variation + " leaves nothing of a slice of " + bytes + "; use less");
        }
    }

    /**
     * {@return the same, with pieces by up to so many bytes longer or shorter}
     *
     * @param most less than the bytes of a piece
     */
    public Slicing variation(int most) {
        return new Slicing(bytes, most, gap);
    }

    /**
     * {@return the same with a time between one piece and the next}
     *
     * @param time zero or more
     */
    public Slicing gap(Duration time) {
        return new Slicing(bytes, variation, time);
    }

    @Override
    public String toString() {
        return "slices of " + bytes + (variation == 0 ? "" : " +-" + variation) + " B"
                + (gap.isZero() ? "" : ", " + gap + " apart");
    }
}
