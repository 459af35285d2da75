package dev.sluice.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the results depend on: the processor, the kernel, Java, and the versions of the other programs. */
final class Machine {
    private Machine() {}

    static Map<String, String> describe() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "processors",
                Runtime.getRuntime().availableProcessors()
                        + processorModel().map(m -> ", " + m).orElse(""));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("Java", System.getProperty("java.vm.name") + " " + Runtime.version());
        firstLine("haproxy", "-v").ifPresent(version -> facts.put("HAProxy", version));
        firstLine("nginx", "-v").ifPresent(version -> facts.put("nginx", version));
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

    private static Optional<String> firstLine(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().findFirst();
        } catch (IOException missing) {
            return Optional.empty();
        }
    }
}
