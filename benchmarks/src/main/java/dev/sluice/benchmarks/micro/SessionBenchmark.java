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
 * A datagram and its answer through a session that is open: looked up by its client, relayed and relayed back. Where
 * several clients take turns the JDK makes an address for each datagram received, of about 120 bytes, and where the
 * descriptors' numbers are above 127 its selector boxes them, with 16 bytes an event.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SessionBenchmark {
    /** How many clients take turns. */
    @Param({"1", "1000"})
    public int clients;

    private RelayedDatagrams datagrams;
    private int next;

    /** Opens a session for each client. */
    @Setup
    public void open() throws IOException {
        datagrams = new RelayedDatagrams(clients);
    }

    /** Ends the sessions. */
    @TearDown
    public void close() throws IOException {
        datagrams.close();
    }

    /** One exchange of the client whose turn it is. */
    @Benchmark
    public void exchange() throws IOException {
        datagrams.exchange(next);
        next = next + 1 == clients ? 0 : next + 1;
    }
}
