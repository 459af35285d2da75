package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.contender.Contender;
import dev.sluice.benchmarks.contender.Relay;
import dev.sluice.benchmarks.result.CaseResult;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One case from the start of its relays to their end: all of them run, and one at a time has work to do. */
final class CaseRun implements AutoCloseable {
    private static final Duration LONGEST_STEP = Duration.ofSeconds(1);
    /** A compiler that worked less than this in a step is quiet. */
    private static final long QUIET_COMPILER_MILLIS = 20;

    private static final int LONGEST_WARM_UP = 3;

    private final Case work;
    private final Bench bench;
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private final Map<String, Double> cold = new LinkedHashMap<>();
    private final Map<String, List<Map<Metric, Double>>> rounds = new LinkedHashMap<>();

    private CaseRun(Case work, Bench bench) {
        this.work = work;
        this.bench = bench;
    }

    /** Runs the case. A contender that fails is left out of it, and a note says why. */
    static CaseResult of(Case work, Bench bench) {
        try (CaseRun run = new CaseRun(work, bench)) {
            run.start();
            run.warmUp();
            run.takeRounds();
            return run.result();
        }
    }

    private void start() {
        InetSocketAddress upstream = bench.upstream().address(work.service());
        for (Contender contender : bench.contendersFor(work.transport())) {
            if (work.probe().measures(contender.name())) {
                attempt(contender.name(), () -> {
                    Relay relay = contender.start(work.transport(), upstream);
                    lanes.put(
                            contender.name(),
                            new Lane(
                                    contender.name(),
                                    relay,
                                    bench.target(relay.port()),
                                    bench.target(upstream.getPort())));
                });
            }
        }
    }

    /** Ours last: who comes first warms up the load and the upstream too. */
    private void warmUp() {
        List<Lane> order = new ArrayList<>(lanes.values());
        Collections.reverse(order);
        for (Lane lane : order) {
            bench.say(work.name() + ": warming up " + lane.contender());
            attempt(lane.contender(), () -> warmUp(lane));
        }
    }

    private void warmUp(Lane lane) throws IOException {
        Duration atLeast = bench.plan().warmUp();
        Duration step = atLeast.compareTo(LONGEST_STEP) < 0 ? atLeast : LONGEST_STEP;
        long begun = System.nanoTime();
        long units = 0;
        try (Probe.Trial trial = work.probe().open(lane)) {
            while (true) {
                long compiled = lane.relay().compileMillis();
                units += trial.work(step);
                boolean isQuiet = lane.relay().compileMillis() - compiled <= QUIET_COMPILER_MILLIS;
                Duration worked = Duration.ofNanos(System.nanoTime() - begun);
                if (worked.compareTo(atLeast) >= 0 && !cold.containsKey(lane.contender())) {
                    long cpu = lane.relay().cpu().toNanos();
                    cold.put(lane.contender(), work.unit().cpu(cpu, Math.max(1, units)));
                }
                boolean isTooLong = worked.compareTo(atLeast.multipliedBy(LONGEST_WARM_UP)) >= 0;
                if (isTooLong && !isQuiet) {
                    bench.note(work.name() + ": the JIT of " + lane.contender() + " was still busy after "
                            + worked.toSeconds() + " s");
                }
                if (isTooLong || isQuiet && cold.containsKey(lane.contender())) {
                    return;
                }
            }
        }
    }

    /** Each round has an order of its own, so that nobody always comes after the same one. */
    private void takeRounds() {
        for (int i = 0; i < bench.plan().rounds(); i++) {
            bench.say(work.name() + ": round " + (i + 1) + " of " + bench.plan().rounds());
            List<Lane> order = new ArrayList<>(lanes.values());
            Collections.shuffle(order, new Random(i));
            for (Lane lane : order) {
                attempt(lane.contender(), () -> takeRound(lane));
            }
        }
    }

    private void takeRound(Lane lane) throws IOException {
        try (Probe.Trial trial = work.probe().open(lane)) {
            Map<Metric, Double> measured = trial.measure(bench.plan().round());
            if (lane.isRelayed()) {
                measured.put(Metric.COLD_CPU, cold.get(lane.contender()));
            }
            rounds.computeIfAbsent(lane.contender(), name -> new ArrayList<>()).add(measured);
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(String contender, Attempt attempt) {
        try {
            attempt.run();
        } catch (IOException | UncheckedIOException e) {
            bench.note(work.name() + ": " + contender + " failed and is left out: " + e);
            rounds.remove(contender);
            Lane failed = lanes.remove(contender);
            if (failed != null) {
                close(failed);
            }
        }
    }

    private CaseResult result() {
        List<Row> rows = lanes.keySet().stream()
                .map(contender -> new Row(contender, rounds.get(contender)))
                .toList();
        return new CaseResult(work.workload(), work.name(), work.unit(), work.main(), rows);
    }

    @Override
    public void close() {
        lanes.values().forEach(this::close);
    }

    private void close(Lane lane) {
        try {
            lane.close();
        } catch (IOException e) {
            bench.note(work.name() + ": " + lane.contender() + " did not end: " + e);
        }
    }
}
