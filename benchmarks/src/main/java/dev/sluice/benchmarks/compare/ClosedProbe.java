package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.load.Load;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Unit;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Work whose clients wait for the answers, or as much as goes through.
 *
 * @param keepsClients whether the same clients come each round: a relay keeps the session of each UDP client for a
 *     while after its last datagram, and new ones every round would fill its tables
 */
record ClosedProbe(Unit unit, boolean keepsClients, Load.Opener opener) implements Probe {
    @Override
    public Trial open(Lane lane) throws IOException {
        Load load = keepsClients ? lane.keep(opener) : opener.open(lane.target());
        load.settle();
        return new Trial() {
            @Override
            public long work(Duration time) throws IOException {
                return load.run(time).units();
            }

            @Override
            public Map<Metric, Double> measure(Duration time) throws IOException {
                return Measures.take(lane, unit, load, time);
            }

            @Override
            public void close() throws IOException {
                if (!keepsClients) {
                    load.close();
                }
            }
        };
    }
}
