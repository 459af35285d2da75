package dev.sluice.benchmarks.compare;

import dev.sluice.Transport;
import dev.sluice.benchmarks.contender.Contender;
import dev.sluice.benchmarks.contender.Relay;
import dev.sluice.benchmarks.load.DatagramLoad;
import dev.sluice.benchmarks.load.Load;
import dev.sluice.benchmarks.load.RequestLoad;
import dev.sluice.benchmarks.load.Target;
import dev.sluice.benchmarks.result.CaseResult;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Row;
import dev.sluice.benchmarks.result.Unit;
import dev.sluice.benchmarks.upstream.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one more flow costs while it is idle: the live heap of a JVM, the resident memory of another process. Each has
 * carried one request, and a relay that keeps a buffer for it shows it here.
 */
final class IdleWorkload implements Workload {
    private static final int FLOWS = 4_000;
    /** Few enough that the burst of their first datagrams loses none. */
    private static final int FLOWS_A_LOAD = 100;

    private static final double KIB = 1024;
    /** A process is started anew for each, and memory does not vary much. */
    private static final int MOST_ROUNDS = 3;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String description() {
        return "memory of an idle TCP connection and of a UDP session";
    }

    @Override
    public List<CaseResult> run(Bench bench) throws IOException {
        return List.of(
                run(bench, "idle, TCP", Service.ECHO, target -> new RequestLoad(target, FLOWS_A_LOAD, 100, 64)),
                run(bench, "idle, UDP", Service.DATAGRAM_ECHO, target -> new DatagramLoad(target, FLOWS_A_LOAD, 64)));
    }

    private CaseResult run(Bench bench, String name, Service service, Load.Opener opener) throws IOException {
        Transport transport = service == Service.ECHO ? Transport.TCP : Transport.UDP;
        List<Row> rows = new ArrayList<>();
        for (Contender contender : bench.contendersFor(transport)) {
            bench.say(name + ": " + contender.name());
            List<Map<Metric, Double>> rounds = new ArrayList<>();
            try {
                for (int i = 0; i < Math.min(MOST_ROUNDS, bench.plan().rounds()); i++) {
                    try (Relay relay =
                            contender.start(transport, bench.upstream().address(service))) {
                        double bytes = bytesAFlow(relay, bench.target(relay.port()), opener);
                        rounds.add(Map.of(Metric.MEMORY, bytes / KIB));
                    }
                }
                rows.add(new Row(contender.name(), rounds));
            } catch (IOException e) {
                bench.note(name + ": " + contender.name() + " failed and is left out: " + e.getMessage());
            }
        }
        rows.removeIf(row -> row.contender().equals("direct"));
        return new CaseResult(name(), name, Unit.CONNECTION, Metric.MEMORY, rows);
    }

    private static double bytesAFlow(Relay relay, Target target, Load.Opener opener) throws IOException {
        List<Load> open = new ArrayList<>();
        try {
            open(open, opener, target);
            long before = relay.memory();
            for (int flows = 0; flows < FLOWS; flows += FLOWS_A_LOAD) {
                open(open, opener, target);
            }
            return (double) (relay.memory() - before) / FLOWS;
        } finally {
            for (Load load : open) {
                load.close();
            }
        }
    }

    private static void open(List<Load> open, Load.Opener opener, Target target) throws IOException {
        Load load = opener.open(target);
        open.add(load);
        if (load.run(Duration.ZERO).lost() > 0) {
            throw new IOException("a first request was lost");
        }
    }
}
