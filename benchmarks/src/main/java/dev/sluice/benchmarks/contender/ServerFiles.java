package dev.sluice.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary directory of a server: its configuration, its output, and what else it writes. */
record ServerFiles(Path directory) {
    static ServerFiles create(String name) throws IOException {
        return new ServerFiles(Files.createTempDirectory("sluice-" + name + "-"));
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    Path write(String name, String text) throws IOException {
        return Files.writeString(file(name), text);
    }

    Path output() {
        return file("output");
    }

    /** What the server has printed, which may have any encoding. */
    String said() throws IOException {
        return Files.exists(output()) ? new String(Files.readAllBytes(output()), UTF_8).strip() : "";
    }

    void delete() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(directory)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : deepestFirst) {
            Files.deleteIfExists(file);
        }
    }
}
