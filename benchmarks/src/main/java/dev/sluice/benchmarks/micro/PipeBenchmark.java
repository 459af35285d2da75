package dev.sluice.benchmarks.micro;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One read and one write of a connection: what one side sends in one piece, a turn relays, and the other side reads.
 * The system calls of both sides are in the time, though not in what the engine does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PipeBenchmark {
    /** Bytes of a piece. */
    @Param({"64", "16384"})
    public int bytes;

    private RelayedStream stream;

    /** Connects. */
    @Setup
    public void open() throws IOException {
        stream = new RelayedStream(bytes);
    }

    /** Ends the connection. */
    @TearDown
    public void close() throws IOException {
        stream.close();
    }

    /** From the client to the upstream. */
    @Benchmark
    public void toUpstream() throws IOException {
        stream.toUpstream();
    }

    /** From the upstream to the client. */
    @Benchmark
    public void toClient() throws IOException {
        stream.toClient();
    }
}
