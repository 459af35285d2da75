package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.Traffic;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process of its own says, on whichever JDK runs the tests. */
class QuietStderrTest {
    @Test
    void nothingIsOnStandardErrorOnTheClassPath() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChildJvm.testClass("off", Traffic.class, "3"))) {
            assertThat(child.awaitLines()).containsExactly("done");
            assertThat(child.errors()).isEmpty();
        }
    }

    /** As modules, where the JDK warns about more: natives, internals, what was opened by force. */
    @Test
    void nothingIsOnStandardErrorOnTheModulePath() throws Exception {
        List<String> modules = new ArrayList<>(ChildJvm.engine());
        modules.add(ChildJvm.simpleLogger());
        List<String> arguments = new ArrayList<>(List.of(
                "--module-path",
                String.join(File.pathSeparator, modules),
                "--add-modules",
                "dev.sluice.api",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "--class-path",
                String.join(File.pathSeparator, ChildJvm.tests()),
                Traffic.class.getName(),
                "3"));

        try (ChildJvm child = ChildJvm.start(arguments)) {
            assertThat(child.awaitLines()).containsExactly("done");
            assertThat(child.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 40})
    void noLogAboveDebugIsWrittenForEachFlow(int flows) throws Exception {
        try (ChildJvm child = ChildJvm.start(ChildJvm.testClass("info", Traffic.class, String.valueOf(flows)))) {
            assertThat(child.awaitLines()).containsExactly("done");
            assertThat(child.errors()).isEmpty();
        }
    }

    @Test
    void noPayloadIsEverLogged() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChildJvm.testClass("trace", Traffic.class, "10"))) {
            assertThat(child.awaitLines()).containsExactly("done");
            assertThat(child.errors()).as("at this level something is logged").isNotEmpty();
            assertThat(child.errors()).doesNotContain("payload", Traffic.SECRET);
        }
    }
}
