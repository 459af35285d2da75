package dev.sluice.benchmarks.micro;

import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.buffer.Stalled;
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
import org.openjdk.jmh.annotations.Warmup;

/** What a short write costs beside itself: the rest is held, and its buffer given back once it is written. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BuffersBenchmark {
    private static final long BUDGET = 64L << 20;

    /** What was not written: a small rest is copied, a large one keeps its buffer. */
    @Param({"64", "16384", "262144"})
    public int rest;

    private final Stalled.Holder holder = () -> {
        throw new IllegalStateException("nobody needs to make room");
    };

    private Buffers buffers;

    /** Makes the buffers of one worker. */
    @Setup
    public void open() {
        buffers = new Buffers(new BufferBudget(BUDGET), Runnable::run);
    }

    /** One rest. */
    @Benchmark
    public void holdAndRelease() {
        buffers.scratch(rest);
        buffers.release(buffers.holdScratch(holder, 0));
    }
}
