package dev.sluice.nio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the house that can be seen in the sources of all modules. */
class TidySourceTest {
    private static final int LONGEST_FILE = 350;
    private static final int LONGEST_METHOD = 50;
    private static final int LONGEST_LINE = 120;

    private static final List<String> MODULES = List.of("proxy-api", "proxy-nio", "proxy-examples", "benchmarks");

    private static List<Path> sources(String root) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            Path tree = Path.of("..", module, "src", root, "java");
            if (Files.isDirectory(tree)) {
                try (Stream<Path> files = Files.walk(tree)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    @Test
    void everyEngineClassSaysWhichThreadMayCallIt() throws IOException {
        List<String> silent = new ArrayList<>();
        for (Path file : sources("main")) {
            boolean engine = file.toString().contains("dev/sluice/nio/");
            if (engine
                    && !file.endsWith("package-info.java")
                    && !Files.readString(file).contains("Thread: ")) {
                silent.add(file.toString());
            }
        }

        assertThat(silent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "test"})
    void aFileIsShort(String root) throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources(root)) {
            long lines = Files.readAllLines(file).size();
            if (lines > LONGEST_FILE) {
                tooLong.add(file + ": " + lines + " lines");
            }
        }

        assertThat(tooLong).as("files of more than %d lines", LONGEST_FILE).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "test"})
    void aMethodIsShort(String root) throws IOException {
        assertThat(methodsOver(LONGEST_METHOD, sources(root)))
                .as("methods of more than %d lines", LONGEST_METHOD)
                .isEmpty();
    }

    @Test
    void methodsAreReallyMeasured() throws IOException {
        assertThat(methodsOver(3, sources("test"))).anyMatch(method -> method.contains("methodsAreReallyMeasured"));
    }

    private static List<String> methodsOver(int most, List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> found = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new TreePathScanner<Void, Void>() {
                    @Override
                    public Void visitMethod(MethodTree method, Void nothing) {
                        long lines = line(positions.getEndPosition(unit, method))
                                - line(positions.getStartPosition(unit, method))
                                + 1;
                        if (lines > most) {
                            found.add(
                                    unit.getSourceFile().getName() + ": " + method.getName() + ", " + lines + " lines");
                        }
                        return super.visitMethod(method, nothing);
                    }

                    private long line(long position) {
                        return unit.getLineMap().getLineNumber(position);
                    }
                }.scan(unit, null);
            }
        }
        return found;
    }

    /** The formatter leaves comments and long strings alone. */
    @ParameterizedTest
    @ValueSource(strings = {"main", "test"})
    void aLineFitsTheScreen(String root) throws IOException {
        assertThat(linesMatching(".{" + (LONGEST_LINE + 1) + ",}", sources(root)))
                .as("lines of more than %d characters", LONGEST_LINE)
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "test"})
    void nothingIsLeftForLater(String root) throws IOException {
        // in halves, or this line would match
        assertThat(linesMatching(".*\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b.*", sources(root)))
                .isEmpty();
    }

    private static List<String> linesMatching(String pattern, List<Path> sources) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources) {
            Files.readAllLines(file).stream()
                    .filter(line -> line.matches(pattern))
                    .forEach(line -> found.add(file + ": " + line.strip()));
        }
        return found;
    }
}
