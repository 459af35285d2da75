package dev.sluice.nio.observe;

import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.ProxyListener;
import dev.sluice.Upstream;
import dev.sluice.UpstreamChange;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries events from the workers to the user's listener on a thread of its own. A worker never waits: what does not
 * fit into the queue is lost and counted.
 *
 * <p>Thread: any for telling, one of its own for {@link #run}.
 */
public final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int CAPACITY = 8_192;

    private final ProxyListener listener;
    private final Queue<Runnable> queue;
    private final LongAdder lost = new LongAdder();
    private final LongAdder failures = new LongAdder();
    /** Methods of the listener whose failure has been logged; touched by the event thread alone. */
    private final Set<String> logged = new HashSet<>();

    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile Thread thread;
    private volatile boolean stopping;

    /** Events for this listener, or for nobody where it is null. */
    public Events(ProxyListener listener) {
        this.listener = listener;
        this.queue = listener == null ? null : new MpscAtomicArrayQueue<>(CAPACITY);
    }

    /** False where nobody listens: then there is nothing to describe, nor a thread to run. */
    public boolean isWanted() {
        return listener != null;
    }

    public void flowOpened(FlowInfo flow, Upstream upstream) {
        if (isWanted()) {
            tell(() -> call("flowOpened", () -> listener.flowOpened(flow, upstream)));
        }
    }

    public void flowEnded(FlowEnd end) {
        tell(() -> call("flowEnded", () -> listener.flowEnded(end)));
    }

    public void upstreamChanged(UpstreamChange change) {
        if (isWanted()) {
            tell(() -> call("upstreamChanged", () -> listener.upstreamChanged(change)));
        }
    }

    public long lost() {
        return lost.sum();
    }

    /** Calls of the listener that threw. */
    public long failures() {
        return failures.sum();
    }

    /** True on the thread that calls the listener. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Delivers until {@link #stop}, and then what was told before. */
    public void run() {
        thread = Thread.currentThread();
        while (true) {
            boolean last = stopping;
            deliver();
            if (last) {
                return;
            }
            waiting.set(true);
            // A flag left set by the listener would make each of the following waits return at once.
            Thread.interrupted();
            if (queue.isEmpty() && !stopping) {
                LockSupport.park(this);
            }
            waiting.set(false);
        }
    }

    public void stop() {
        stopping = true;
        LockSupport.unpark(thread);
    }

    private void tell(Runnable event) {
        if (!queue.offer(event)) {
            lost.increment();
        } else if (waiting.get() && waiting.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    private void deliver() {
        Runnable event;
        while ((event = queue.poll()) != null) {
            event.run();
        }
    }

    /** A listener that fails for one flow fails for most: a line for each would flood the log. */
    private void call(String method, Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            failures.increment();
            if (logged.add(method)) {
                LOG.warn(
                        "The listener's {} threw; it is told further events, further failures are only counted",
                        method,
                        e);
            }
        }
    }
}
