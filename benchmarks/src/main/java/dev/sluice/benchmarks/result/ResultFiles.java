package dev.sluice.benchmarks.result;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A comparison in files: {@code comparison.json}, {@code .md} and {@code .html}, and {@code summary.svg}. */
public final class ResultFiles {
    /** The name of the file for people. */
    public static final String REPORT = "comparison.md";

    private ResultFiles() {}

    /** Writes all into the directory, which is made where it is missing. */
    public static void write(Comparison comparison, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("comparison.json"),
                new GsonBuilder().setPrettyPrinting().create().toJson(comparison));
        Files.writeString(directory.resolve(REPORT), new Report(comparison).render());
        List<CaseResult> compared = comparison.summarized();
        if (!compared.isEmpty()) {
            Files.writeString(directory.resolve("summary.svg"), Svg.draw(Charts.summary(compared), "summary"));
        }
        Files.writeString(directory.resolve("comparison.html"), new Page(comparison).render());
    }
}
