package dev.sluice.nio.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.ProxyServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.jctools.queues.MessagePassingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process of its own on the JDK that runs the tests, for what one JVM cannot tell about itself. It is spoken to line
 * by line: what it prints is answered, or kept until it ends.
 */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final PrintStream input;
    private final CompletableFuture<String> errors;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        this.input = new PrintStream(process.getOutputStream(), true, UTF_8);
        // Not in the common pool, whose few threads others wait for.
        this.errors = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()), ChildJvm::startThread);
    }

    /** Starts {@code java} with these arguments. */
    public static ChildJvm start(List<String> arguments) throws IOException {
        return start(List.of(), arguments);
    }

    /** Starts {@code java} with these arguments by a program that runs others, with its own arguments. */
    public static ChildJvm start(List<String> by, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(by);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // They would change what the child is told, and make it say so on standard error.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        return new ChildJvm(builder.start());
    }

    /** The arguments that start a class of the tests on the class path, logging at a level of slf4j-simple. */
    public static List<String> testClass(String level, Class<?> main, String... arguments) {
        List<String> path = new ArrayList<>(engine());
        path.add(simpleLogger());
        path.addAll(tests());
        List<String> all = new ArrayList<>();
        all.addAll(List.of("-cp", String.join(File.pathSeparator, path)));
        all.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=" + level);
        all.add(main.getName());
        all.addAll(List.of(arguments));
        return all;
    }

    /** Where API, engine and what they need are. */
    public static List<String> engine() {
        return List.of(
                source(ProxyServer.class),
                source(ProxyServer.builder().getClass()),
                source(Logger.class),
                source(MessagePassingQueue.class));
    }

    /** Where the tests are, and what they are written with. */
    public static List<String> tests() {
        return List.of(source(ChildJvm.class), source(Assertions.class));
    }

    /** Where the logging back end of the tests is. */
    public static String simpleLogger() {
        return source(LoggerFactory.getILoggerFactory().getClass());
    }

    /** The directory or archive that a class is loaded from. */
    public static String source(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError("a class path has locations", e);
        }
    }

    /** The next line that it prints; fails with what it said on standard error where there is none. */
    public String readLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new AssertionError("the child process ended: " + errors.join());
        }
        return line;
    }

    /** Gives it a line to read. */
    public ChildJvm tell(String line) {
        input.println(line);
        return this;
    }

    /** The lines that it printed since, once it has ended by itself and well. */
    public List<String> awaitLines() throws InterruptedException {
        List<String> lines = output.lines().toList();
        if (!process.waitFor(Await.LONGEST.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            throw new AssertionError("the child process failed: " + process + ": " + errors.join());
        }
        return lines;
    }

    /** All that it said on standard error, once it has ended. */
    public String errors() {
        return errors.join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static void startThread(Runnable task) {
        Thread thread = new Thread(task, "child-errors");
        thread.setDaemon(true);
        thread.start();
    }

    private static String all(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }
}
