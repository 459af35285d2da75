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
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One case from the start of its relays to their end: all of them run, and one at a time has work to do. */
final class CaseRun implements AutoCloseable {
    private static final Duration LONGEST_STEP = Duration.ofSeconds(1);
    /** A compiler that worked less than this in a step is quiet. */
    private static final long QUIET_COMPILER_MILLIS = 20;

    private static final int LONGEST_WARM_UP = 3;

    private final Case work;
    private final Bench bench;
    private final List<Lane> lanes = new ArrayList<>();
    private final Map<String, Double> cold = new LinkedHashMap<>();
    private final Map<String, List<Map<Metric, Double>>> rounds = new LinkedHashMap<>();

    private CaseRun(Case work, Bench bench) {
        this.work = work;
        this.bench = bench;
    }

    /** Runs the case. A contender that fails is left out of it, and the note says why. */
    static CaseResult of(Case work, Bench bench) throws IOException {
        try (CaseRun run = new CaseRun(work, bench)) {
            run.start();
            run.warmUp();
            run.takeRounds();
            return run.result();
        }
    }

    private void start() throws IOException {
        InetSocketAddress upstream = bench.upstream().address(work.service());
        for (Contender contender : bench.contendersFor(work.transport())) {
            Relay relay = contender.start(work.transport(), upstream);
            lanes.add(new Lane(contender.name(), relay, bench.target(relay.port()), bench.target(upstream.getPort())));
        }
    }

    private void warmUp() {
        for (Lane lane : List.copyOf(lanes)) {
            bench.say(work.name() + ": warming up " + lane.contender());
            attempt(lane, () -> warmUp(lane));
        }
    }

    private void warmUp(Lane lane) throws IOException {
        Duration step =
                bench.plan().warmUp().compareTo(LONGEST_STEP) < 0 ? bench.plan().warmUp() : LONGEST_STEP;
        long begun = System.nanoTime();
        long units = 0;
        while (true) {
            long compiled = lane.relay().compileMillis();
            units += work.probe().work(lane, step);
            long compiling = lane.relay().compileMillis() - compiled;
            Duration worked = Duration.ofNanos(System.nanoTime() - begun);
            boolean isLongEnough = worked.compareTo(bench.plan().warmUp()) >= 0;
            if (isLongEnough && !cold.containsKey(lane.contender())) {
                long cpu = lane.relay().cpu().toNanos();
                cold.put(lane.contender(), work.unit().cpu(cpu, Math.max(1, units)));
            }
            boolean isTooLong = worked.compareTo(bench.plan().warmUp().multipliedBy(LONGEST_WARM_UP)) >= 0;
            if (isLongEnough && (compiling <= QUIET_COMPILER_MILLIS || isTooLong)) {
                return;
            }
        }
    }

    /** Each round begins with another contender, so that none always comes after the same one. */
    private void takeRounds() {
        for (int i = 0; i < bench.plan().rounds(); i++) {
            bench.say(work.name() + ": round " + (i + 1) + " of " + bench.plan().rounds());
            List<Lane> order = new ArrayList<>(lanes);
            Collections.rotate(order, -i);
            for (Lane lane : order) {
                attempt(lane, () -> takeRound(lane));
            }
        }
    }

    private void takeRound(Lane lane) throws IOException {
        Map<Metric, Double> measured =
                new EnumMap<>(work.probe().measure(lane, bench.plan().round()));
        if (measured.containsKey(Metric.CPU) && cold.containsKey(lane.contender())) {
            measured.put(Metric.COLD_CPU, cold.get(lane.contender()));
        }
        rounds.computeIfAbsent(lane.contender(), name -> new ArrayList<>()).add(measured);
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(Lane lane, Attempt attempt) {
        try {
            attempt.run();
        } catch (IOException | UncheckedIOException e) {
            bench.note(work.name() + ": " + lane.contender() + " failed and is left out: " + e.getMessage());
            lanes.remove(lane);
            rounds.remove(lane.contender());
            close(lane);
        }
    }

    private CaseResult result() {
        List<Row> rows = lanes.stream()
                .map(lane -> new Row(lane.contender(), rounds.get(lane.contender())))
                .toList();
        return new CaseResult(work.workload(), work.name(), work.unit(), work.main(), rows);
    }

    @Override
    public void close() {
        lanes.forEach(this::close);
    }

    private void close(Lane lane) {
        try {
            lane.close();
        } catch (IOException e) {
            bench.note(work.name() + ": " + lane.contender() + " did not end: " + e.getMessage());
        }
    }
}
