package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The relay program in a JVM of its own, on the JDK that runs the tests: what it prints, how it ends. */
final class Program implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final Process process;
    private final Lines out;
    private final Lines err;

    private Program(Process process) {
        this.process = process;
        this.out = new Lines(process.getInputStream());
        this.err = new Lines(process.getErrorStream());
    }

    static Program start(String... arguments) throws IOException {
        return start(List.of(), List.of(), arguments);
    }

    /** Starts it by a program that runs others, with its own arguments, and with options for the JVM. */
    static Program start(List<String> by, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(by);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Relay.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        // with these set a JVM says so on standard error
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        return new Program(builder.start());
    }

    /** Waits for a line on standard output that has the form, and tells what was in its groups. */
    MatchResult awaitLine(String form) throws InterruptedException {
        Pattern pattern = Pattern.compile(form);
        Optional<String> line = out.next();
        while (line.isPresent()) {
            Matcher matcher = pattern.matcher(line.get());
            if (matcher.matches()) {
                return matcher.toMatchResult();
            }
            line = out.next();
        }
        return fail("it ended without a line \"%s\"; out: %s, err: %s", form, out, err);
    }

    /** As {@code kill} and service managers do. */
    void terminate() {
        assertThat(process.supportsNormalTermination()).isTrue();
        // unlike destroy() of the process itself this leaves its streams open
        process.toHandle().destroy();
    }

    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("ended; out: %s, err: %s", out, err)
                .isTrue();
        return process.exitValue();
    }

    /** What it has printed, all of it, after its end. */
    List<String> out() throws InterruptedException {
        return out.all();
    }

    List<String> err() throws InterruptedException {
        return err.all();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The lines of a stream, read by a thread of their own. */
    private static final class Lines {
        private final List<String> read = new ArrayList<>();
        private final BlockingQueue<Optional<String>> queue = new LinkedBlockingQueue<>();
        private final Thread reader;

        Lines(InputStream stream) {
            reader = new Thread(() -> readAll(stream));
            reader.setDaemon(true);
            reader.start();
        }

        private void readAll(InputStream stream) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, Charset.defaultCharset()))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    read(line);
                    queue.add(Optional.of(line));
                }
            } catch (IOException e) {
                read("(cut off: " + e + ")");
            } finally {
                queue.add(Optional.empty());
            }
        }

        private void read(String line) {
            synchronized (read) {
                read.add(line);
            }
        }

        /** The next line; none after the last. */
        Optional<String> next() throws InterruptedException {
            Optional<String> line = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                return fail("no further line; so far: %s", this);
            }
            return line;
        }

        List<String> all() throws InterruptedException {
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            assertThat(reader.isAlive()).isFalse();
            return read;
        }

        @Override
        public String toString() {
            synchronized (read) {
                return read.toString();
            }
        }
    }
}
