package dev.sluice.benchmarks.compare;

import dev.sluice.Transport;
import dev.sluice.benchmarks.contender.Contender;
import dev.sluice.benchmarks.contender.Direct;
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
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What one more flow costs while it is idle, after it has carried one request. All have resident memory, which in a JVM
 * is garbage and reserves too; what its flows hold on to is its live heap, and buffers outside of it.
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
    public void run(Bench bench, Consumer<CaseResult> results) {
        results.accept(run(
                bench, "idle, TCP", Service.ECHO, target -> new RequestLoad(target, FLOWS_A_LOAD, FLOWS_A_LOAD, 64)));
        results.accept(
                run(bench, "idle, UDP", Service.DATAGRAM_ECHO, target -> new DatagramLoad(target, FLOWS_A_LOAD, 64)));
    }

    private CaseResult run(Bench bench, String name, Service service, Load.Opener opener) {
        Transport transport = service == Service.ECHO ? Transport.TCP : Transport.UDP;
        List<Row> rows = new ArrayList<>();
        for (Contender contender : bench.contendersFor(transport)) {
            if (contender.name().equals(Direct.NAME)) {
                continue;
            }
            bench.say(name + ": " + contender.name());
            List<Map<Metric, Double>> rounds = new ArrayList<>();
            try {
                for (int i = 0; i < Math.min(MOST_ROUNDS, bench.plan().rounds()); i++) {
                    try (Relay relay =
                            contender.start(transport, bench.upstream().address(service))) {
                        rounds.add(memoryOfAFlow(relay, bench.target(relay.port()), opener));
                    }
                }
                rows.add(new Row(contender.name(), rounds));
            } catch (IOException | UncheckedIOException e) {
                bench.note(name + ": " + contender.name() + " failed and is left out: " + e);
            }
        }
        return new CaseResult(name(), name, Unit.CONNECTION, Metric.RESIDENT, rows);
    }

    private static Map<Metric, Double> memoryOfAFlow(Relay relay, Target target, Load.Opener opener)
            throws IOException {
        List<Load> open = new ArrayList<>();
        try {
            open(open, opener, target);
            OptionalLong heap = relay.heap();
            long resident = relay.resident();
            for (int flows = 0; flows < FLOWS; flows += FLOWS_A_LOAD) {
                open(open, opener, target);
            }
            Map<Metric, Double> memory = new EnumMap<>(Metric.class);
            memory.put(Metric.RESIDENT, (relay.resident() - resident) / KIB / FLOWS);
            if (heap.isPresent()) {
                memory.put(Metric.HEAP, (relay.heap().orElseThrow() - heap.orElseThrow()) / KIB / FLOWS);
            }
            return memory;
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
