package dev.sluice.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A child JVM that relays, and answers questions line by line; it ends when its standard input does. */
final class JavaRelay implements Relay {
    private static final String LISTENING = "listening ";
    private static final int PATIENCE_SECONDS = 30;

    private final String name;
    private final Process process;
    private final Writer questions;
    /** Lines of the child; an empty one is the end. */
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private int port;

    private JavaRelay(String name, Process process) {
        this.name = name;
        this.process = process;
        questions = process.outputWriter(UTF_8);
        Thread reading = new Thread(this::read, name + "-answers");
        reading.setDaemon(true);
        reading.start();
    }

    /** Waits until the process says where it listens. */
    static JavaRelay start(String name, Process process) throws IOException {
        JavaRelay relay = new JavaRelay(name, process);
        try {
            String line = relay.answer();
            if (!line.startsWith(LISTENING)) {
                throw new IOException(name + " said \"" + line + "\" in place of \"" + LISTENING + "PORT\"");
            }
            relay.port = Integer.parseInt(line.substring(LISTENING.length()));
            return relay;
        } catch (IOException | RuntimeException e) {
            relay.process.destroy();
            ChildProcess.awaitEnd(relay.process);
            throw e;
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Duration cpu() {
        return new ProcessTree(process.toHandle()).cpu();
    }

    @Override
    public OptionalLong heap() {
        return OptionalLong.of(ask("heap"));
    }

    @Override
    public long resident() {
        ask("heap");
        return new ProcessTree(process.toHandle()).residentMemory();
    }

    @Override
    public long compileMillis() {
        return ask("jit");
    }

    @Override
    public void close() throws IOException {
        try {
            questions.close();
        } catch (IOException gone) {
            // It has ended already, which is what closing is for.
        }
        ChildProcess.awaitEnd(process);
    }

    private synchronized long ask(String question) {
        try {
            questions.write(question + "\n");
            questions.flush();
            return Long.parseLong(answer());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " did not answer \"" + question + "\"", e);
        }
    }

    private String answer() throws IOException {
        Optional<String> answer;
        try {
            answer = answers.poll(PATIENCE_SECONDS, SECONDS);
        } catch (InterruptedException e) {
            throw ChildProcess.interrupted(e);
        }
        if (answer == null) {
            throw new IOException(name + " said nothing for " + PATIENCE_SECONDS + " s");
        }
        return answer.orElseThrow(() -> new IOException(name + " ended; what it had to say is on standard error"));
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(Optional.of(line));
            }
        } catch (IOException gone) {
            // The same as the end of its output.
        }
        answers.add(Optional.empty());
    }
}
