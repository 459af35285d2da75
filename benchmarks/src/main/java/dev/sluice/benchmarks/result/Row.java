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
        return switch (metric) {
            case ADDED_P50 -> difference(Metric.P50, Metric.DIRECT_P50);
            case ADDED_P99 -> difference(Metric.P99, Metric.DIRECT_P99);
            default -> measured(metric);
        };
    }

    private OptionalDouble difference(Metric whole, Metric part) {
        OptionalDouble from = measured(whole);
        OptionalDouble less = measured(part);
        return from.isEmpty() || less.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(from.getAsDouble() - less.getAsDouble());
    }

    private OptionalDouble measured(Metric metric) {
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
