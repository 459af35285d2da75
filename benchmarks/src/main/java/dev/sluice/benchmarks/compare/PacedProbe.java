package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.load.Load;
import dev.sluice.benchmarks.load.Outcome;
import dev.sluice.benchmarks.load.Target;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Work at a rate of each contender's own, whatever becomes of the answers; and right after it at the same rate without
 * a relay, so that what the relay adds can be told from what the machine and the generator do.
 *
 * @param rates a second, by contender
 */
record PacedProbe(Unit unit, PacedOpener opener, Map<String, Double> rates) implements Probe {
    @FunctionalInterface
    interface PacedOpener {
        Load open(Target target, double perSecond) throws IOException;
    }

    @Override
    public boolean measures(String contender) {
        return rates.containsKey(contender);
    }

    @Override
    public Trial open(Lane lane) throws IOException {
        double rate = rates.get(lane.contender());
        Load relayed = opener.open(lane.target(), rate);
        Load direct = opener.open(lane.direct(), rate);
        relayed.settle();
        direct.settle();
        return new Trial() {
            @Override
            public long work(Duration time) throws IOException {
                return relayed.run(time).units();
            }

            @Override
            public Map<Metric, Double> measure(Duration time) throws IOException {
                Map<Metric, Double> metrics = Measures.take(lane, unit, relayed, time);
                if (lane.isRelayed()) {
                    Outcome without = direct.run(time);
                    metrics.put(Metric.DIRECT_P50, Measures.micros(without.latency(), 50));
                    metrics.put(Metric.DIRECT_P99, Measures.micros(without.latency(), 99));
                }
                return metrics;
            }

            @Override
            public void close() throws IOException {
                try (relayed) {
                    direct.close();
                }
            }
        };
    }
}
