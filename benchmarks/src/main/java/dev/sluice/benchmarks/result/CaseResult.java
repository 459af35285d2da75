package dev.sluice.benchmarks.result;

import dev.sluice.benchmarks.contender.Direct;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All contenders in one case.
 *
 * @param workload that the case belongs to
 * @param name of the case
 * @param unit of its work
 * @param main what its contenders are compared by
 * @param rows the contenders, in the order in which they are shown
 */
public record CaseResult(String workload, String name, Unit unit, Metric main, List<Row> rows) {
    /** The metrics that any contender has, in order. */
    public List<Metric> metrics() {
        return Arrays.stream(Metric.values())
                .filter(metric ->
                        rows.stream().anyMatch(row -> row.median(metric).isPresent()))
                .toList();
    }

    public OptionalDouble median(String contender, Metric metric) {
        Optional<Row> row =
                rows.stream().filter(each -> each.contender().equals(contender)).findFirst();
        return row.isPresent() ? row.get().median(metric) : OptionalDouble.empty();
    }

    /** The least median of these contenders, or of all that relay where none is named. */
    public OptionalDouble least(Metric metric, List<String> contenders) {
        return rows.stream()
                .filter(row -> contenders.isEmpty()
                        ? !row.contender().equals(Direct.NAME)
                        : contenders.contains(row.contender()))
                .map(row -> row.median(metric))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .min();
    }
}
