package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.contender.Contenders;
import dev.sluice.benchmarks.process.ChildJvm;
import dev.sluice.benchmarks.result.CaseResult;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Row;
import dev.sluice.benchmarks.result.Unit;
import dev.sluice.benchmarks.startup.StartupProgram;
import dev.sluice.benchmarks.upstream.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** From the start of a relay in a warm JVM to the first byte through it, and the library's size on disk. */
final class StartupWorkload implements Workload {
    private static final int BEFORE = 1_000;
    private static final int MEASURED = 200;
    private static final double KIB = 1024;

    @Override
    public String name() {
        return "startup";
    }

    @Override
    public String description() {
        return "from start to the first relayed byte in a warm JVM, and the library's size on disk";
    }

    @Override
    public void run(Bench bench, Consumer<CaseResult> results) throws IOException {
        bench.say("startup");
        results.accept(startup(bench));
        size(bench, results);
    }

    private CaseResult startup(Bench bench) throws IOException {
        List<Map<Metric, Double>> library = new ArrayList<>();
        List<Map<Metric, Double>> byHand = new ArrayList<>();
        int port = bench.upstream().address(Service.ECHO).getPort();
        Process process = ChildJvm.start(
                StartupProgram.class.getName(),
                IntStream.of(port, BEFORE, MEASURED).mapToObj(Integer::toString).toList());
        try (BufferedReader lines = process.inputReader()) {
            String line;
            while ((line = lines.readLine()) != null) {
                String[] nanos = line.split(" ");
                library.add(Map.of(Metric.STARTUP, Long.parseLong(nanos[0]) / 1e3));
                byHand.add(Map.of(Metric.STARTUP, Long.parseLong(nanos[1]) / 1e3));
            }
        }
        if (library.size() != MEASURED) {
            throw new IOException("the process that starts relays ended early");
        }
        return new CaseResult(
                name(),
                "startup",
                Unit.CONNECTION,
                Metric.STARTUP,
                List.of(new Row(Contenders.OURS, library), new Row("by hand, two threads", byHand)));
    }

    /** The archives are where they were built, beside the one that this program came in. */
    private void size(Bench bench, Consumer<CaseResult> results) throws IOException {
        Path root = Path.of(System.getProperty("java.class.path"))
                .toAbsolutePath()
                .resolve("../../..")
                .normalize();
        long bytes = 0;
        for (String module : List.of("proxy-api", "proxy-nio")) {
            Path archive =
                    root.resolve(module).resolve("target").resolve(module + "-" + Versions.of("sluice") + ".jar");
            if (!Files.isRegularFile(archive)) {
                bench.note("size: " + archive + " is not there to be measured");
                return;
            }
            bytes += Files.size(archive);
        }
        results.accept(new CaseResult(
                name(),
                "size",
                Unit.CONNECTION,
                Metric.SIZE,
                List.of(new Row(Contenders.OURS, List.of(Map.of(Metric.SIZE, bytes / KIB))))));
    }
}
