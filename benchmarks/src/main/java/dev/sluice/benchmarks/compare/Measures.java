package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.load.Load;
import dev.sluice.benchmarks.load.Outcome;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Runs of a load, and what they say. */
final class Measures {
    private Measures() {}

    /** A run through the lane's relay, with the processor time that the relay took for it. */
    static Map<Metric, Double> take(Lane lane, Unit unit, Load load, Duration time) throws IOException {
        Duration before = lane.relay().cpu();
        Outcome outcome = load.run(time);
        Duration cpu = lane.relay().cpu().minus(before);
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
        if (unit == Unit.DATAGRAM) {
            metrics.put(Metric.LOST, 1e3 * outcome.lost() / Math.max(1, outcome.units() + outcome.lost()));
        }
        return metrics;
    }

    static double micros(Histogram latency, double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }
}
