package dev.sluice.nio.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** How likely each {@link Fault} is: immutable, zero unless said otherwise. */
public final class Faults {

    private final Map<Fault, Double> probabilities;

    private Faults(Map<Fault, Double> probabilities) {
        this.probabilities = probabilities;
    }

    /** A network without faults. */
    public static Faults none() {
        return new Faults(new EnumMap<>(Fault.class));
    }

    /** Every fault likely by a random amount up to {@code most}, about half of them not at all. */
    public static Faults random(Random random, double most) {
        Map<Fault, Double> drawn = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            double probability = random.nextDouble() * most;
            if (random.nextBoolean()) {
                drawn.put(fault, probability);
            }
        }
        return new Faults(drawn);
    }

    /** These faults, with another probability for one of them. */
    public Faults with(Fault fault, double probability) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(fault + ": a probability is from 0 to 1, not " + probability);
        }
        Map<Fault, Double> changed = new EnumMap<>(Fault.class);
        changed.putAll(probabilities);
        changed.put(fault, probability);
        return new Faults(changed);
    }

    /** These faults without the given ones. */
    public Faults without(Fault... faults) {
        Map<Fault, Double> changed = new EnumMap<>(Fault.class);
        changed.putAll(probabilities);
        for (Fault fault : faults) {
            changed.remove(fault);
        }
        return new Faults(changed);
    }

    double probability(Fault fault) {
        return probabilities.getOrDefault(fault, 0.0);
    }

    @Override
    public String toString() {
        return probabilities.toString();
    }
}
