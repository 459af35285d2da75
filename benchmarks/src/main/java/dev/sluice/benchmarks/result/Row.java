package dev.sluice.benchmarks.result;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One contender in one case.
 *
 * @param contender its name
 * @param rounds what each round measured
 */
public record Row(String contender, List<Map<Metric, Double>> rounds) {
    /** The median over the rounds that have the metric; empty where none has. */
    public OptionalDouble median(Metric metric) {
        double[] sorted = rounds.stream()
                .filter(round -> round.containsKey(metric))
                .mapToDouble(round -> round.get(metric))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
