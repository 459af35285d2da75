package dev.sluice.nio;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Waiting for threads without losing an interrupt.
 *
 * <p>Thread: any.
 */
final class Threads {
    private Threads() {}

    static void awaitFully(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    static void joinFully(Thread thread) {
        joinWithin(thread, Duration.ZERO);
    }

    /** Waits at most this long, for ever if zero; returns whether the thread is gone. */
    static boolean joinWithin(Thread thread, Duration most) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join(most.toMillis());
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
