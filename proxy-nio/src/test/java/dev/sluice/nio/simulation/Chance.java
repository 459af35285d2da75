package dev.sluice.nio.simulation;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The one source of luck of a network, drawn from its seed, and the count of what went wrong. */
final class Chance {

    private final Random random;
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private Faults faults;

    Chance(long seed, Faults faults) {
        this.random = new Random(seed);
        this.faults = faults;
    }

    void faults(Faults faults) {
        this.faults = faults;
    }

    boolean occurs(Fault fault) {
        double probability = faults.probability(fault);
        boolean occurs = probability > 0 && random.nextDouble() < probability;
        if (occurs) {
            counts.merge(fault, 1L, Long::sum);
        }
        return occurs;
    }

    /** {@code most}, or with the fault's probability something from 1 to {@code most}. */
    int cut(Fault fault, int most) {
        return most > 1 && occurs(fault) ? 1 + random.nextInt(most) : most;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    void shuffle(List<?> list) {
        Collections.shuffle(list, random);
    }

    long count(Fault fault) {
        return counts.getOrDefault(fault, 0L);
    }
}
