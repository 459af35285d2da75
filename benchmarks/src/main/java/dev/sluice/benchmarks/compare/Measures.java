package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.load.Outcome;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Unit;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What the outcome of a run says. */
final class Measures {
    private Measures() {}

    static Map<Metric, Double> of(Lane lane, Unit unit, Outcome outcome, Duration cpu) {
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        Histogram latency = outcome.latency();
        if (latency.getTotalCount() > 0) {
            metrics.put(Metric.P50, micros(latency, 50));
            metrics.put(Metric.P99, micros(latency, 99));
            metrics.put(Metric.P999, micros(latency, 99.9));
        }
        if (lane.isRelayed() && outcome.units() > 0) {
            metrics.put(Metric.CPU, unit.cpu(cpu.toNanos(), outcome.units()));
        }
        metrics.put(Metric.RATE, outcome.units() * 1e9 / Math.max(1, outcome.nanos()) / unit.size());
        return metrics;
    }

    static double micros(Histogram latency, double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }
}
