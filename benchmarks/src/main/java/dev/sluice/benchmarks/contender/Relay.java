package dev.sluice.benchmarks.contender;

import java.io.IOException;
import java.time.Duration;

/** A relay that runs. */
public interface Relay extends AutoCloseable {
    /** Where it listens on 127.0.0.1. */
    int port();

    /**
     * User and system time of the process and its descendants so far, JIT and garbage collection included. The system
     * counts it in steps, of 10 ms on Linux.
     */
    Duration cpu();

    /** Bytes: of a JVM the live heap after a collection, of others the resident memory. */
    long memory();

    /** Time the JIT has spent so far; 0 if there is no JVM. */
    long compileMillis();

    /** Ends its processes and waits for them. */
    @Override
    void close() throws IOException;
}
