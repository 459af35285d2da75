package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.load.Load;
import dev.sluice.benchmarks.load.Outcome;
import dev.sluice.benchmarks.load.Target;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Puts work through a relay and measures it. */
interface Probe {
    Unit unit();

    /** A run of that time through a relay that is warm. */
    Map<Metric, Double> measure(Lane lane, Duration time) throws IOException;

    /** Puts the work through the relay for that time, and tells how many units came through. */
    long work(Lane lane, Duration time) throws IOException;

    /** Work in a closed loop, whose clients wait for the answers. */
    record Closed(Unit unit, Load.Opener opener) implements Probe {
        /** Connections are opened, and the relay has found its pace, before the clock of a round starts. */
        private static final Duration SETTLE = Duration.ofMillis(100);

        @Override
        public Map<Metric, Double> measure(Lane lane, Duration time) throws IOException {
            return with(lane, load -> {
                load.run(SETTLE);
                Duration before = lane.relay().cpu();
                Outcome outcome = load.run(time);
                long cpu = lane.relay().cpu().minus(before).toNanos();
                return metrics(outcome, cpu);
            });
        }

        @Override
        public long work(Lane lane, Duration time) throws IOException {
            return with(lane, load -> load.run(time).units());
        }

        private interface Use<T> {
            T of(Load load) throws IOException;
        }

        private <T> T with(Lane lane, Use<T> use) throws IOException {
            if (unit == Unit.DATAGRAM) {
                return use.of(lane.keep(opener));
            }
            try (Load load = opener.open(lane.target())) {
                return use.of(load);
            }
        }

        private Map<Metric, Double> metrics(Outcome outcome, long cpu) {
            Map<Metric, Double> metrics = latencies(outcome.latency());
            if (cpu > 0 && outcome.units() > 0) {
                metrics.put(Metric.CPU, unit.cpu(cpu, outcome.units()));
            }
            metrics.put(Metric.RATE, outcome.units() * 1e9 / outcome.nanos() / unit.size());
            if (unit == Unit.DATAGRAM) {
                metrics.put(Metric.LOST, 1e3 * outcome.lost() / Math.max(1, outcome.units() + outcome.lost()));
            }
            return metrics;
        }
    }

    /**
     * Work in an open loop at a part of what each contender can do, and right after it at the same rate without a
     * relay, so that what the relay adds can be told from what the machine and the generator do.
     */
    record Paced(Unit unit, PacedOpener opener, Map<String, Double> rates) implements Probe {
        interface PacedOpener {
            Load open(Target target, double perSecond) throws IOException;
        }

        @Override
        public Map<Metric, Double> measure(Lane lane, Duration time) throws IOException {
            Duration before = lane.relay().cpu();
            Outcome relayed = run(lane, lane.target(), time);
            long cpu = lane.relay().cpu().minus(before).toNanos();
            Histogram direct = run(lane, lane.direct(), time).latency();
            Map<Metric, Double> metrics = latencies(relayed.latency());
            if (cpu > 0 && relayed.units() > 0) {
                metrics.put(Metric.CPU, unit.cpu(cpu, relayed.units()));
                metrics.put(Metric.ADDED_P50, metrics.get(Metric.P50) - micros(direct, 50));
                metrics.put(Metric.ADDED_P99, metrics.get(Metric.P99) - micros(direct, 99));
            }
            metrics.put(Metric.RATE, relayed.units() * 1e9 / relayed.nanos());
            return metrics;
        }

        @Override
        public long work(Lane lane, Duration time) throws IOException {
            return run(lane, lane.target(), time).units();
        }

        private Outcome run(Lane lane, Target target, Duration time) throws IOException {
            try (Load load = opener.open(target, rates.get(lane.contender()))) {
                return load.run(time);
            }
        }
    }

    private static Map<Metric, Double> latencies(Histogram latency) {
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        if (latency.getTotalCount() > 0) {
            metrics.put(Metric.P50, micros(latency, 50));
            metrics.put(Metric.P99, micros(latency, 99));
            metrics.put(Metric.P999, micros(latency, 99.9));
        }
        return metrics;
    }

    private static double micros(Histogram latency, double percentile) {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }
}
