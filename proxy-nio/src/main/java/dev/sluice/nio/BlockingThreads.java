package dev.sluice.nio;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads for what may block: looking up names, and taking over what a source has delivered. They are started
 * when there is something to do, and gone soon after.
 *
 * <p>Thread: any.
 */
final class BlockingThreads implements Executor {
    /** More than one, so that a name whose servers do not answer does not hold up all others. */
    private static final int MOST = 4;

    private static final long IDLE_SECONDS = 10;

    private final AtomicInteger started = new AtomicInteger();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final ThreadPoolExecutor pool;

    BlockingThreads(Workers workers) {
        pool = new ThreadPoolExecutor(
                MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> thread(workers, task));
        pool.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Workers workers, Runnable task) {
        Thread thread = workers.thread("resolver-" + started.getAndIncrement(), task);
        threads.removeIf(other -> other.getState() == Thread.State.TERMINATED);
        threads.add(thread);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Begins no more look-ups, and waits for idle threads to go; a look-up under way may outlive the server. */
    void stop() {
        pool.shutdownNow();
        while (pool.getActiveCount() == 0 && !pool.isTerminated()) {
            Thread.onSpinWait();
        }
        if (pool.isTerminated()) {
            threads.forEach(Threads::joinFully);
        }
    }
}
