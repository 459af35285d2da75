package dev.sluice.benchmarks.contender;

import java.io.File;
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

    Optional<Path> find(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
