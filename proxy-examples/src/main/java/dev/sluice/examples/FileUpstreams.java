package dev.sluice.examples;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSource;
import dev.sluice.Upstreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Upstreams from a text file, one a line and {@code #} before what is none: {@code FileUpstreams 8080 upstreams.txt}.
 * It is read again and again, and what is new in it taken over; a file that cannot be read or understood is told of,
 * and changes nothing.
 */
public final class FileUpstreams implements UpstreamSource {
    private final Path file;
    private final Duration every;
    private final Consumer<String> complaints;

    FileUpstreams(Path file, Duration every, Consumer<String> complaints) {
        this.file = file;
        this.every = every;
        this.complaints = complaints;
    }

    public static void main(String[] args) throws InterruptedException {
        UpstreamSource members = new FileUpstreams(Path.of(args[1]), Duration.ofSeconds(1), System.err::println);
        Route web = Route.tcp("web").listen(Integer.parseInt(args[0])).to(Upstreams.from(members));
        try (ProxyServer proxy = ProxyServer.start(web)) {
            proxy.awaitTermination();
        }
    }

    /** What is wrong with the file at first fails the start; later it is only told of. */
    @Override
    public AutoCloseable subscribe(Consumer<Collection<Upstream>> snapshots) throws IOException {
        Reading reading = new Reading(file);
        snapshots.accept(reading.members());
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "file-upstreams");
            thread.setDaemon(true);
            return thread;
        });
        long millis = every.toMillis();
        clock.scheduleWithFixedDelay(() -> again(reading, snapshots), millis, millis, TimeUnit.MILLISECONDS);
        return clock::shutdownNow;
    }

    private void again(Reading reading, Consumer<Collection<Upstream>> snapshots) {
        try {
            if (reading.isNew()) {
                snapshots.accept(reading.members());
            }
        } catch (IOException | IllegalArgumentException e) {
            complaints.accept(file + ": " + e.getMessage() + "; the upstreams stay as they are");
        }
    }

    /** The file as it was read last. */
    private static final class Reading {
        private final Path file;
        private List<String> lines;

        Reading(Path file) throws IOException {
            this.file = file;
            this.lines = Files.readAllLines(file);
        }

        boolean isNew() throws IOException {
            List<String> now = Files.readAllLines(file);
            boolean differs = !now.equals(lines);
            lines = now;
            return differs;
        }

        List<Upstream> members() {
            return lines.stream()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .map(Upstream::of)
                    .toList();
        }
    }
}
