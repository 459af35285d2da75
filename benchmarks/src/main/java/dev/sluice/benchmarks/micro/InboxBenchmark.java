package dev.sluice.benchmarks.micro;

import dev.sluice.nio.loop.Clock;
import dev.sluice.nio.loop.Loop;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A task's way through the inbox of a loop, which is all that threads exchange. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class InboxBenchmark {
    private static final int BATCH = 100;

    private final Runnable task = this::ranOnce;
    /** Written by the thread that turns the loop alone. */
    private volatile long ran;

    private long submitted;
    private Loop own;
    private Loop other;
    private Thread turning;

    /** Starts a loop on a thread of its own; the other one is turned by the benchmark. */
    @Setup
    public void open() throws IOException {
        own = new Loop(SelectorProvider.provider(), Clock.system());
        other = new Loop(SelectorProvider.provider(), Clock.system());
        turning = new Thread(other::run, "other");
        turning.setDaemon(true);
        turning.start();
    }

    /** Ends both. */
    @TearDown
    public void close() throws InterruptedException {
        own.end();
        other.stop();
        turning.join();
    }

    private void ranOnce() {
        ran++;
    }

    /** One task, and the turn that runs it. */
    @Benchmark
    public void ownThread() {
        own.submit(task);
        own.runOnce();
    }

    /** Tasks that one turn runs. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void ownThreadInBatches() {
        for (int i = 0; i < BATCH; i++) {
            own.submit(task);
        }
        own.runOnce();
    }

    /** One task, the wake-up, and the wait until it has run. */
    @Benchmark
    public void anotherThread() {
        other.submit(task);
        awaitRun(1);
    }

    /** Tasks submitted as fast as can be, and the wait until the last has run. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void anotherThreadInBatches() {
        for (int i = 0; i < BATCH; i++) {
            other.submit(task);
        }
        awaitRun(BATCH);
    }

    private void awaitRun(int more) {
        submitted += more;
        while (ran != submitted) {
            Thread.onSpinWait();
        }
    }
}
