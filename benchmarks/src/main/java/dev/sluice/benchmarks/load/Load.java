package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.time.Duration;

/** Work that goes through one port, with its connections open. It is driven by the thread that runs it. */
public interface Load extends AutoCloseable {
    /** Works for that time, then waits for what is under way, so that the next run begins with a clean table. */
    Outcome run(Duration time) throws IOException;

    /** Has every connection carry something, so that none is still being opened when a clock starts. */
    default void settle() throws IOException {
        run(Duration.ofMillis(100));
    }

    @Override
    void close() throws IOException;

    /** Opens the connections of a load. */
    @FunctionalInterface
    interface Opener {
        Load open(Target target) throws IOException;
    }
}
