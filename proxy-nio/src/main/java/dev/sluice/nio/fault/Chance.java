package dev.sluice.nio.fault;

/**
 * Numbers that look random and are a function of a seed and an index, so that what is left to chance can be repeated,
 * whatever else draws a number in between.
 *
 * <p>Thread: any.
 */
final class Chance {
    private static final double UNIT = 0x1.0p-53;
    private static final int KEPT_BITS = 11;

    private Chance() {}

    /** The seed of something that belongs to the seed's owner. */
    static long seed(long seed, long index) {
        return mix(seed + index * 0x9E3779B97F4A7C15L);
    }

    /** From 0, included, to 1, excluded. */
    static double fraction(long seed, long index) {
        return (seed(seed, index) >>> KEPT_BITS) * UNIT;
    }

    static boolean hits(double rate, long seed, long index) {
        return fraction(seed, index) < rate;
    }

    /** By up to {@code most} more or less than nothing. */
    static long spread(long most, long seed, long index) {
        return Math.round((2 * fraction(seed, index) - 1) * most);
    }

    /** The finalizer of SplitMix64, as Steele, Lea and Flood published it in 2014. */
    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
