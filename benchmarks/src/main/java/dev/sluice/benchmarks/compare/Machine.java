package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.contender.Contender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the results depend on: the processor, the kernel, Java, and the versions of the other programs. */
final class Machine {
    /** Of the kernel: they bound receive buffers and backlogs, and whether a port is used again at once. */
    private static final List<String> SETTINGS =
            List.of("net.core.rmem_max", "net.core.rmem_default", "net.core.somaxconn", "net.ipv4.tcp_tw_reuse");

    private Machine() {}

    static Map<String, String> describe(List<Contender> contenders) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "processors",
                Runtime.getRuntime().availableProcessors()
                        + processorModel().map(m -> ", " + m).orElse(""));
        line(Path.of("/proc/meminfo")).ifPresent(line -> facts.put("memory", line.replaceAll("\\s+", " ")));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
        for (String name : SETTINGS) {
            line(Path.of("/proc/sys", name.replace('.', '/'))).ifPresent(value -> facts.put(name, value));
        }
        for (String library : List.of("sluice", "netty", "vertx", "netcrusher")) {
            facts.put(library, Versions.of(library));
        }
        for (Contender contender : contenders) {
            contender.version().ifPresent(version -> facts.put(contender.name(), version));
        }
        return facts;
    }

    private static Optional<String> processorModel() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException noLinux) {
            return Optional.empty();
        }
    }

    private static Optional<String> line(Path file) {
        try {
            return Files.readAllLines(file).stream().findFirst();
        } catch (IOException notHere) {
            return Optional.empty();
        }
    }
}
