package dev.sluice.benchmarks.contender;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/** A relay that runs. */
public interface Relay extends AutoCloseable {
    /** Where it listens on 127.0.0.1. */
    int port();

    /**
     * User and system time of the process and its descendants so far, JIT and garbage collection included. The system
     * counts it in steps, of 10 ms on Linux.
     */
    Duration cpu();

    /** Bytes of live heap, after a collection; empty if it is no JVM. */
    OptionalLong heap();

    /** Bytes of memory that the system has given it: of a JVM, after a collection. */
    long resident();

    /** Time the JIT has spent so far; 0 if there is no JVM. */
    long compileMillis();

    /** Ends its processes and waits for them. */
    @Override
    void close() throws IOException;
}
