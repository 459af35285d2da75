package dev.sluice.nio.worker;

import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.loop.Clock;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.loop.Timers;
import dev.sluice.nio.observe.Counters;
import dev.sluice.nio.socket.Sockets;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread's share of a server. Whatever lives on a worker is touched by that thread alone.
 *
 * <p>Thread: worker, apart from {@link #submit}, {@link #run} and {@link #call}.
 */
public final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final int index;
    private final int workers;
    private final Loop loop;
    private final Buffers buffers;
    private final Sockets sockets;

    private final Counters counters = new Counters();
    private long flows;

    /** Worker {@code index} of {@code workers}. */
    public Worker(int index, int workers, Sockets sockets, Clock clock, BufferBudget budget) throws IOException {
        this.index = index;
        this.workers = workers;
        this.sockets = sockets;
        this.buffers = new Buffers(budget, this::submit);
        // Last, so that nothing that fails after it leaves its selector open.
        this.loop = new Loop(sockets.provider(), clock);
    }

    public int index() {
        return index;
    }

    public Loop loop() {
        return loop;
    }

    public Timers timers() {
        return loop.timers();
    }

    public long now() {
        return loop.now();
    }

    public Buffers buffers() {
        return buffers;
    }

    /** What this worker has counted for the whole server. */
    public Counters counters() {
        return counters;
    }

    public Sockets sockets() {
        return sockets;
    }

    /** A number that no other flow of the server has. */
    public long nextFlowId() {
        return flows++ * workers + index + 1;
    }

    /** Closes a stream, or resets it, which drops what the kernel has not sent. */
    public void closeStream(SelectionKey key, boolean orderly) {
        if (!orderly) {
            try {
                sockets.resetOnClose((SocketChannel) key.channel());
            } catch (IOException e) {
                LOG.debug("A stream could not be told to reset", e);
            }
        }
        loop.close(key);
    }

    /** Closes a channel that is registered with this loop under this key, or with none where the key is null. */
    public void close(SelectionKey key, SelectableChannel channel) {
        if (key == null) {
            closeUnregistered(channel);
        } else {
            loop.close(key);
        }
    }

    /** Closes a channel that no loop knows yet. */
    public void closeUnregistered(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a channel failed", e);
        }
    }

    /** Runs the task on this worker; from any thread. Returns false once the worker has ended. */
    public boolean submit(Runnable task) {
        return loop.submit(task);
    }

    /** Runs the task on this worker and waits until it has; from any thread but a worker's. */
    public void run(Runnable task) {
        call(Executors.callable(task));
    }

    /** Runs the task on this worker and waits for its answer; from any thread but a worker's. */
    public <T> T call(Callable<T> task) {
        FutureTask<T> answer = new FutureTask<>(task);
        boolean submitted = submit(answer);
        boolean interrupted = false;
        try {
            while (true) {
                // Asked before waiting, so that an answer given just before the end is not missed.
                boolean ended = !submitted || loop.hasEnded();
                try {
                    return answer.get(ended ? 0 : LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (ended) {
                        throw new IllegalStateException("the server is closed");
                    }
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a task on worker " + index + " failed", e.getCause());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
