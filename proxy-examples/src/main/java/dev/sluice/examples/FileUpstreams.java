package dev.sluice.examples;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSource;
import dev.sluice.Upstreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Upstreams from a text file, {@code host:port} and perhaps a weight a line, {@code #} before what is neither:
 * {@code FileUpstreams 8080 upstreams.txt}. A file that cannot be read or understood, or names nobody, is told of once,
 * and changes nothing. Who writes it does well to write another and rename it, for half a file may be a good one.
 *
 * <p>The directory is watched rather than the file: so a rename is seen, and the link {@code ..data} by which
 * Kubernetes exchanges a ConfigMap. What no watch sees, as on a network file system, is found by reading again and
 * again.
 */
public final class FileUpstreams implements UpstreamSource {
    private final Path file;
    private final Duration every;
    private final Consumer<String> complaints;

    /** @param every time after which the file is read again though nothing was seen to change; above zero */
    public FileUpstreams(Path file, Duration every, Consumer<String> complaints) {
        this.file = file.toAbsolutePath();
        this.every = every;
        this.complaints = complaints;
    }

    public static void main(String[] args) throws InterruptedException {
        UpstreamSource members = new FileUpstreams(Path.of(args[1]), Duration.ofSeconds(5), System.err::println);
        Route web = Route.tcp("web").listen(Integer.parseInt(args[0])).to(Upstreams.from(members));
        try (ProxyServer proxy = ProxyServer.start(web)) {
            proxy.awaitTermination();
        }
    }

    /** What is wrong with the file at first fails the start; later it is only told of. */
    @Override
    public AutoCloseable subscribe(Consumer<Collection<Upstream>> snapshots) throws IOException {
        WatchService watch = file.getFileSystem().newWatchService();
        try {
            // before the first reading, so that no change falls between the two
            file.getParent().register(watch, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
            List<String> lines = Files.readAllLines(file);
            snapshots.accept(UpstreamLines.read(lines));
            Thread follower = new Thread(new Follower(watch, lines, snapshots), "file-upstreams");
            follower.setDaemon(true);
            follower.start();
            return watch;
        } catch (IOException | RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    /** Reads again after a change, and after a time without one, until the watch is closed. */
    private final class Follower implements Runnable {
        private final WatchService watch;
        private final Consumer<Collection<Upstream>> snapshots;
        private List<String> lines;
        private String complaint = "";

        Follower(WatchService watch, List<String> lines, Consumer<Collection<Upstream>> snapshots) {
            this.watch = watch;
            this.lines = lines;
            this.snapshots = snapshots;
        }

        @Override
        public void run() {
            while (DirectoryChange.await(watch, every)) {
                try {
                    List<String> now = Files.readAllLines(file);
                    if (!now.equals(lines)) {
                        lines = now;
                        snapshots.accept(UpstreamLines.read(now));
                    }
                    complaint = "";
                } catch (IOException e) {
                    complain(e.toString());
                } catch (IllegalArgumentException e) {
                    complain(e.getMessage());
                }
            }
        }

        private void complain(String what) {
            if (!what.equals(complaint)) {
                complaint = what;
                complaints.accept(file + ": " + what + "; the upstreams stay as they are");
            }
        }
    }
}
