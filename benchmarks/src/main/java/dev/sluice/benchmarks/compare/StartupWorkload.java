package dev.sluice.benchmarks.compare;

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
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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
    public List<CaseResult> run(Bench bench) throws IOException {
        bench.say("startup");
        List<CaseResult> results = new ArrayList<>();
        results.add(startup(bench));
        Path program = Path.of(System.getProperty("java.class.path"));
        if (Files.isRegularFile(program)) {
            results.add(size(program));
        } else {
            bench.note("startup: the size of the library is told only by the program's jar");
        }
        return results;
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
                List.of(new Row(CaseResult.OURS, library), new Row("by hand, two threads", byHand)));
    }

    /** As the archives that it came in, which are compressed too. */
    private CaseResult size(Path program) throws IOException {
        long own = 0;
        long dependencies = 0;
        try (ZipFile archive = new ZipFile(program.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) archive.stream().map(ZipEntry.class::cast)::iterator) {
                String name = entry.getName();
                if (name.startsWith("dev/sluice/") && !name.startsWith("dev/sluice/benchmarks/")) {
                    own += entry.getCompressedSize();
                } else if (name.startsWith("org/slf4j/") || name.startsWith("org/jctools/")) {
                    dependencies += entry.getCompressedSize();
                }
            }
        }
        return new CaseResult(
                name(),
                "size",
                Unit.CONNECTION,
                Metric.SIZE,
                List.of(
                        new Row(CaseResult.OURS, List.of(Map.of(Metric.SIZE, own / KIB))),
                        new Row(
                                "with its two dependencies",
                                List.of(Map.of(Metric.SIZE, (own + dependencies) / KIB)))));
    }
}
