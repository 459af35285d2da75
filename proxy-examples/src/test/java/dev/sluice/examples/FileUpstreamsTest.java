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

    private FileUpstreams source(Path file) {
        return new FileUpstreams(file, Duration.ofMillis(10), complaints::add);
    }

    @Test
    void theSetIsWhatTheFileSaysAndFollowsIt() throws Exception {
        FileUpstreams source = source(write("10.0.0.5:80\n\n# the other one\n10.0.0.6:80 # new\n"));

        try (AutoCloseable subscription = source.subscribe(snapshots::add)) {
            assertThat(subscription).isNotNull();
            assertThat(snapshots.poll()).isEqualTo(List.of(Upstream.of("10.0.0.5:80"), Upstream.of("10.0.0.6:80")));
            write("10.0.0.7:80\n");
            assertThat(snapshots.poll(30, TimeUnit.SECONDS)).isEqualTo(List.of(Upstream.of("10.0.0.7:80")));
        }
    }

    @Test
    void aFileThatIsWrongIsToldOfOnceAndChangesNothing() throws Exception {
        FileUpstreams source = source(write("10.0.0.5:80\n"));

        try (AutoCloseable subscription = source.subscribe(snapshots::add)) {
            assertThat(subscription).isNotNull();
            assertThat(snapshots.poll()).hasSize(1);
            write("10.0.0.5\n");
            assertThat(complaints.poll(30, TimeUnit.SECONDS)).contains("has no port", "the upstreams stay");
            write("10.0.0.6:80\n");
            assertThat(snapshots.poll(30, TimeUnit.SECONDS)).isEqualTo(List.of(Upstream.of("10.0.0.6:80")));
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void withoutAFileItDoesNotBegin() {
        assertThatThrownBy(() -> source(directory.resolve("none")).subscribe(snapshots::add))
                .isInstanceOf(NoSuchFileException.class);
    }
}
