package dev.sluice.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The directories in which programs are looked for. */
record Executables(List<Path> directories) {
    /** Where Debian keeps servers; the PATH of its ordinary users leaves them out. */
    private static final List<String> SERVERS = List.of("/usr/local/sbin", "/usr/sbin");

    static Executables onPath() {
        String path = System.getenv().getOrDefault("PATH", "");
        Stream<String> directories = Stream.concat(Stream.of(path.split(File.pathSeparator)), SERVERS.stream());
        return new Executables(directories
                .filter(directory -> !directory.isEmpty())
                .map(Path::of)
                .toList());
    }

    /** The first line of what the program says to {@code -v}; empty where it cannot be run. */
    Optional<String> version(String program) {
        return find(program).flatMap(file -> {
            try {
                Process process = new ProcessBuilder(file.toString(), "-v")
                        .redirectErrorStream(true)
                        .start();
                String said = new String(process.getInputStream().readAllBytes(), UTF_8);
                return said.lines().findFirst();
            } catch (IOException cannotRun) {
                return Optional.empty();
            }
        });
    }

    Optional<Path> find(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
