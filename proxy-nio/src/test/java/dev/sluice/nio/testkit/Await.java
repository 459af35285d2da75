package dev.sluice.nio.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Waiting for what another thread brings about. The bound only catches what would never come. */
public final class Await {
    /** Below the timeout of a test, so that a failure says what was awaited. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    /** What stands still for so long has come to rest, for tests that are the stricter the truer that is. */
    static final Duration MOMENT = Duration.ofMillis(100);

    static final long LOOK_AGAIN_NANOS = 1_000_000;

    private Await() {}

    /** Returns as soon as the condition holds. */
    public static void until(String what, BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > LONGEST.toNanos()) {
                throw new AssertionError("after " + LONGEST.toSeconds() + " s still not so: " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    /** Returns when the latch is open, for callbacks that may not throw what waiting throws. */
    public static void opened(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns when the number has not changed for a moment. */
    public static long standstill(LongSupplier number) {
        long last = number.getAsLong();
        long since = System.nanoTime();
        while (System.nanoTime() - since < MOMENT.toNanos()) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            long now = number.getAsLong();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
        }
        return last;
    }

    /** The exit status of a process that ends soon. */
    public static int exit(Process process) {
        try {
            if (process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new AssertionError("after " + LONGEST.toSeconds() + " s it still runs: " + process);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + process, e);
        }
    }

    /** What the future brings; what it fails with is thrown. */
    public static <T> T result(Future<T> future) throws Exception {
        try {
            return future.get(LONGEST.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw (Error) e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("after " + LONGEST.toSeconds() + " s still not done: " + future, e);
        }
    }
}
