package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileUpstreamsTest {
    @TempDir
    Path directory;

    private final BlockingQueue<Collection<Upstream>> snapshots = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();

    private Path write(String text) throws IOException {
        Path written = Files.writeString(directory.resolve("new"), text);
        return Files.move(written, directory.resolve("upstreams"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** By the watch alone: the next reading without a change is an hour away. */
    private FileUpstreams source(Path file) {
        return new FileUpstreams(file, Duration.ofHours(1), complaints::add);
    }

    private Collection<Upstream> next() throws InterruptedException {
        return snapshots.poll(30, TimeUnit.SECONDS);
    }

    private String complaint() throws InterruptedException {
        return complaints.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void theSetIsWhatTheFileSaysAndFollowsARename() throws Exception {
        FileUpstreams source = source(write("10.0.0.5:80\n\n# the other one\n10.0.0.6:80  70 # new\n"));

        try (AutoCloseable subscription = source.subscribe(snapshots::add)) {
            assertThat(subscription).isNotNull();
            assertThat(snapshots.poll())
                    .isEqualTo(List.of(
                            Upstream.of("10.0.0.5:80"),
                            Upstream.of("10.0.0.6:80").weight(70)));
            write("10.0.0.7:80\n");
            assertThat(next()).isEqualTo(List.of(Upstream.of("10.0.0.7:80")));
        }
    }

    /** The file is a link into {@code ..data}, which is a link that is replaced. */
    @Test
    void itFollowsAConfigMapThatIsExchanged() throws Exception {
        for (String version : List.of("1", "2")) {
            Path data = Files.createDirectory(directory.resolve("..version" + version));
            Files.writeString(data.resolve("upstreams"), "10.0.0." + version + ":80\n");
        }
        Path data = directory.resolve("..data");
        Files.createSymbolicLink(data, Path.of("..version1"));
        Path file = Files.createSymbolicLink(directory.resolve("upstreams"), Path.of("..data", "upstreams"));

        try (AutoCloseable subscription = source(file).subscribe(snapshots::add)) {
            assertThat(subscription).isNotNull();
            assertThat(snapshots.poll()).isEqualTo(List.of(Upstream.of("10.0.0.1:80")));
            Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..version2"));
            Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
            assertThat(next()).isEqualTo(List.of(Upstream.of("10.0.0.2:80")));
        }
    }

    @Test
    void whatTheWatchDoesNotSeeIsReadLater(@TempDir Path elsewhere) throws Exception {
        Path target = Files.writeString(elsewhere.resolve("upstreams"), "10.0.0.5:80\n");
        Path file = Files.createSymbolicLink(directory.resolve("upstreams"), target);
        FileUpstreams source = new FileUpstreams(file, Duration.ofMillis(10), complaints::add);

        try (AutoCloseable subscription = source.subscribe(snapshots::add)) {
            assertThat(subscription).isNotNull();
            assertThat(snapshots.poll()).isEqualTo(List.of(Upstream.of("10.0.0.5:80")));
            Path written = Files.writeString(elsewhere.resolve("new"), "10.0.0.6:80\n");
            Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
            assertThat(next()).isEqualTo(List.of(Upstream.of("10.0.0.6:80")));
        }
    }

    @Test
    void aFileThatIsWrongIsToldOfOnceWithItsLineAndChangesNothing() throws Exception {
        FileUpstreams source = source(write("10.0.0.5:80\n"));

        try (AutoCloseable subscription = source.subscribe(snapshots::add)) {
            assertThat(subscription).isNotNull();
            assertThat(snapshots.poll()).hasSize(1);
            write("10.0.0.6:80\n10.0.0.5\n");
            assertThat(complaint()).contains("line 2: ", "has no port", "the upstreams stay");
            write("");
            assertThat(complaint()).contains("no upstream is given");
            write("10.0.0.6:80\n");
            assertThat(next()).isEqualTo(List.of(Upstream.of("10.0.0.6:80")));
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void aFileThatVanishesIsToldOfAndChangesNothing() throws Exception {
        Path file = write("10.0.0.5:80\n");

        try (AutoCloseable subscription = source(file).subscribe(snapshots::add)) {
            assertThat(subscription).isNotNull();
            assertThat(snapshots.poll()).hasSize(1);
            Files.delete(file);
            assertThat(complaint()).contains("NoSuchFileException", "the upstreams stay");
            write("10.0.0.6:80\n");
            assertThat(next()).isEqualTo(List.of(Upstream.of("10.0.0.6:80")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.5:80 heavy", "10.0.0.5:80 1001", "10.0.0.5:80 1 2", "10.0.0.6:80", "10.0.0.5:x"})
    void whatIsWrongWithALineIsSaidWithItsNumber(String line) {
        assertThatThrownBy(() -> UpstreamLines.read(List.of("10.0.0.6:80", "", line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 3: ");
    }

    @Test
    void withoutAFileItDoesNotBegin() {
        assertThatThrownBy(() -> source(directory.resolve("none")).subscribe(snapshots::add))
                .isInstanceOf(NoSuchFileException.class);
    }
}
