package dev.sluice.benchmarks.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A process and its descendants, and what they use. */
record ProcessTree(ProcessHandle root) {
    private static final String RESIDENT = "VmRSS:";

    Duration cpu() {
        return all().flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Bytes; 0 where the system has no {@code /proc}. */
    long residentMemory() {
        return all().mapToLong(ProcessTree::residentMemory).sum();
    }

    Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(root), root.descendants());
    }

    private static long residentMemory(ProcessHandle process) {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .map(line ->
                            line.substring(RESIDENT.length()).replace("kB", "").trim())
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) * 1024)
                    .sum();
        } catch (IOException gone) {
            return 0;
        }
    }
}
