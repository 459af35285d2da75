package dev.sluice.benchmarks.contender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A server that relays as its configuration says; it ends with this JVM. */
final class ServerRelay implements Relay {
    private static final long PATIENCE_SECONDS = 10;
    private static final long PAUSE_MILLIS = 5;

    private final int port;
    private final ServerFiles files;
    private final Process process;
    private final Thread atExit = new Thread(this::endAtExit, "relay-at-exit");

    private ServerRelay(int port, ServerFiles files, Process process) {
        this.port = port;
        this.files = files;
        this.process = process;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Returns when {@code ready} is true of the process; the files go with the relay, or if it comes to nothing. */
    static ServerRelay start(int port, ServerFiles files, List<String> command, Predicate<ProcessHandle> ready)
            throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(files.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(files.output().toFile())
                    .start();
        } catch (IOException e) {
            files.delete();
            throw e;
        }
        ServerRelay relay = new ServerRelay(port, files, process);
        try {
            relay.await(command, ready);
            return relay;
        } catch (IOException | RuntimeException e) {
            relay.close();
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
        return OptionalLong.empty();
    }

    @Override
    public long resident() {
        return new ProcessTree(process.toHandle()).residentMemory();
    }

    @Override
    public long compileMillis() {
        return 0;
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            // The hook may run beside this; ending twice does no harm.
        }
        end();
    }

    private void await(List<String> command, Predicate<ProcessHandle> ready) throws IOException {
        long start = System.nanoTime();
        while (!ready.test(process.toHandle())) {
            if (ChildProcess.ends(process, PAUSE_MILLIS)) {
                throw new IOException(failure(command, "ended with " + process.exitValue()));
            }
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                throw new IOException(failure(command, "was not ready after " + PATIENCE_SECONDS + " s"));
            }
        }
    }

    private String failure(List<String> command, String what) throws IOException {
        return String.join(" ", command) + " " + what + " and said: " + files.said();
    }

    private void end() throws IOException {
        process.destroy();
        ChildProcess.awaitEnd(process);
        files.delete();
    }

    private void endAtExit() {
        try {
            end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
