package dev.sluice.benchmarks.micro;

import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.loop.Timers;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A flow's deadline among those of others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TimersBenchmark {
    /** As many as fire in one turn of the loop. */
    private static final int FLOWS = 256;

    private static final long PERIOD = 1_000;
    private static final long LONG_AFTER = Long.MAX_VALUE / 2;

    /** Timers of others, that are due much later. */
    @Param({"100", "10000"})
    public int others;

    private Loop loop;
    private Timers timers;
    private Timer timer;
    /** The loop's clock, moved on by hand. */
    private long nanos;

    /** Arms the others. */
    @Setup
    public void open() throws IOException {
        loop = new Loop(SelectorProvider.provider(), () -> nanos);
        timers = loop.timers();
        for (int i = 0; i < others; i++) {
            timers.arm(new Timer(() -> {}), LONG_AFTER + i);
        }
        timer = new Timer(() -> {});
        for (int i = 0; i < FLOWS; i++) {
            new Flow().onDue();
        }
    }

    /** Closes the loop. */
    @TearDown
    public void close() {
        loop.end();
    }

    /** Is active all the time, and so asks to be woken later whenever it is. */
    private final class Flow implements Timer.Target {
        private final Timer timer = new Timer(this);

        @Override
        public void onDue() {
            timers.armNoLaterThan(timer, loop.now() + PERIOD);
        }
    }

    /** A flow that begins and ends: later than all others, and first of all when it is taken out. */
    @Benchmark
    public void armAndCancel() {
        timers.arm(timer, LONG_AFTER + others);
        timers.arm(timer, nanos);
        timers.cancel(timer);
    }

    /** A flow that is active: the timer armed stays where it is. */
    @Benchmark
    public boolean armLazily() {
        timers.armNoLaterThan(timer, ++nanos);
        return timer.isArmed();
    }

    /** A turn in which the timers of 256 active flows fire early and are armed again. */
    @Benchmark
    @OperationsPerInvocation(FLOWS)
    public void fireAndArmAgain() {
        nanos += PERIOD;
        loop.runOnce();
    }
}
