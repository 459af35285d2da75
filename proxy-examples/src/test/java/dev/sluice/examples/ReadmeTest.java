package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** README and guides do not lie: the Java that they show is compiled here. */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\R(.*?)^```$");

    private static final Pattern CALL = Pattern.compile("`((?:faults|route)\\.[^`]+)`");

    private static List<String> blocks(String page) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("..", page)))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String compiled() throws IOException {
        StringBuilder sources = new StringBuilder();
        for (String root : List.of("main", "test")) {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(Path.of("src", root, "java/dev/sluice/examples"), "*.java")) {
                for (Path file : files) {
                    sources.append(dense(Files.readString(file)));
                }
            }
        }
        return sources.toString();
    }

    /** Without white space, which is for the eye, and wraps where the formatter wants it. */
    private static String dense(String source) {
        return source.replaceAll("\\s+", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/faults.md"})
    void everyParagraphOfCodeIsCompiled(String page) throws IOException {
        String compiled = compiled();

        assertThat(blocks(page).stream().flatMap(block -> Stream.of(block.split("\\R\\s*\\R"))))
                .isNotEmpty()
                .allSatisfy(paragraph -> assertThat(compiled).contains(dense(paragraph)));
    }

    @Test
    void theFirstIsAProgramOfItsOwn() throws IOException {
        String program = Files.readString(Path.of("src/main/java/dev/sluice/examples/Balancer.java"));

        assertThat(program)
                .isEqualTo(
                        "package dev.sluice.examples;\n\n" + blocks("README.md").get(0));
    }

    /** In the tables of a guide: what is whole, as it stands between two back quotes. */
    @Test
    void everyCallOfATableOnFaultsIsCompiled() throws IOException {
        String compiled = compiled();
        List<String> calls = CALL.matcher(Files.readString(Path.of("..", "docs/faults.md")))
                .results()
                .map(found -> found.group(1))
                .filter(call -> !call.contains("…"))
                .toList();

        assertThat(calls)
                .hasSizeGreaterThan(20)
                .allSatisfy(call -> assertThat(compiled).contains(dense(call)));
    }
}
