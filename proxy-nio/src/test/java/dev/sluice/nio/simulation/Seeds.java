package dev.sluice.nio.simulation;

import java.util.Random;
import java.util.stream.LongStream;

/** The seeds that a simulation runs: a fixed range, or the one that is asked for. */
final class Seeds {
    private static final String ONE = "sluice.simulation.seed";
    private static final int COUNT = 256;

    private Seeds() {}

    static boolean areAll() {
        return Long.getLong(ONE) == null;
    }

    /** Neighbouring seeds of {@link Random} begin alike; these do not. */
    static Random random(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    static long[] all() {
        return areAll() ? LongStream.range(0, COUNT).toArray() : new long[] {Long.getLong(ONE)};
    }
}
