package dev.sluice.nio.loop;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A selector, an inbox and timers, turned by one thread: {@link #run()} for a thread of its own, {@link #runOnce()} for
 * a test that drives it turn by turn.
 *
 * <p>A turn runs the inbox, selects and handles what is ready, closes what was to be closed, fires what is due.
 *
 * <p>Thread: worker, apart from {@link #submit} and {@link #stop}.
 */
public final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int INBOX_CHUNK = 256;
    private static final int TIMERS_A_TURN = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What a selection key is attached to. */
    public interface Handler {
        void onReady(int readyOps) throws IOException;

        /** Something that {@code onReady} did not expect; whatever the key belongs to must end. */
        void onFailure(Throwable failure);
    }

    private final Selector selector;
    private final Clock clock;
    private final long origin;
    private final Timers timers = new Timers();
    private final Queue<Runnable> inbox = new MpscUnboundedAtomicArrayQueue<>(INBOX_CHUNK);
    private final AtomicBoolean selecting = new AtomicBoolean();
    private final List<SelectableChannel> closing = new ArrayList<>();
    private final Consumer<SelectionKey> dispatch = this::dispatch;
    private long turns;
    private long now;
    private boolean nowIsStale = true;
    private volatile Thread thread;
    private volatile boolean stopping;
    private volatile boolean ended;

    public Loop(SelectorProvider provider, Clock clock) throws IOException {
        this.selector = provider.openSelector();
        this.clock = clock;
        this.origin = clock.nanos();
    }

    /** Nanoseconds since the loop was made, read at most once between two waits. */
    public long now() {
        if (nowIsStale) {
            now = clock.nanos() - origin;
            nowIsStale = false;
        }
        return now;
    }

    /** The number of the turn under way. */
    public long turn() {
        return turns;
    }

    /** Reads the clock anew, for measuring what one callback took. */
    public long readClock() {
        nowIsStale = true;
        return now();
    }

    /** That time of this loop on the clock that it shares with others; from any thread. */
    public long toClock(long time) {
        return origin + time;
    }

    /** That time of the clock on this loop; from any thread. */
    public long fromClock(long nanos) {
        return nanos - origin;
    }

    /** Nanoseconds since that time on this loop; from any thread. */
    public long elapsedSince(long time) {
        return clock.nanos() - origin - time;
    }

    public Instant wallTime() {
        return clock.wallTime();
    }

    public Timers timers() {
        return timers;
    }

    public SelectionKey register(SelectableChannel channel, int interestOps, Handler handler) throws IOException {
        return channel.register(selector, interestOps, handler);
    }

    /**
     * Closes a registered channel once a select has flushed its key: what is closed before that costs two system calls
     * more, and what is closed without a select to follow is not closed at all.
     */
    public void close(SelectionKey key) {
        key.cancel();
        closing.add(key.channel());
    }

    /** Runs the task on the loop, in order; from any thread. Returns false, for never, once the loop has ended. */
    public boolean submit(Runnable task) {
        if (ended) {
            return false;
        }
        inbox.offer(task);
        if (selecting.get() && selecting.compareAndSet(true, false)) {
            selector.wakeup();
        }
        return true;
    }

    /** True on the thread that turns this loop. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Turns until {@link #stop}, then closes the selector. */
    public void run() {
        thread = Thread.currentThread();
        try {
            while (!stopping) {
                turnOn(true);
            }
            while (!closing.isEmpty() || !inbox.isEmpty()) {
                turnOn(false);
            }
        } finally {
            end();
        }
    }

    /** One turn that does not wait. */
    public void runOnce() {
        thread = Thread.currentThread();
        nowIsStale = true;
        turn(false);
    }

    /** Ends {@link #run} after the turn under way; from any thread. */
    public void stop() {
        stopping = true;
        selector.wakeup();
    }

    /** Closes the selector of a loop that is not running. */
    public void end() {
        ended = true;
        try {
            selector.close();
        } catch (IOException e) {
            LOG.warn("Closing a selector failed", e);
        }
        runInbox();
    }

    /** Whatever a turn throws, even for want of memory to report it with, the loop goes on for all that live on it. */
    private void turnOn(boolean mayWait) {
        try {
            turn(mayWait);
        } catch (Throwable e) {
            report("A turn of the loop failed", e);
        }
    }

    private static void report(String what, Throwable failure) {
        try {
            LOG.error(what, failure);
        } catch (Throwable noMemoryToReportWith) {
            return;
        }
    }

    private void turn(boolean mayWait) {
        turns++;
        runInbox();
        int flushed = closing.size();
        try {
            select(mayWait && flushed == 0);
        } catch (IOException e) {
            report("Selecting failed", e);
        }
        closeFlushed(flushed);
        fireTimers();
    }

    private void runInbox() {
        Runnable task;
        for (int most = INBOX_CHUNK; most > 0 && (task = inbox.poll()) != null; most--) {
            try {
                task.run();
            } catch (Throwable e) {
                report("A task on the loop failed", e);
            }
        }
    }

    private void select(boolean mayWait) throws IOException {
        if (!mayWait) {
            nowIsStale = true;
            selector.selectNow(dispatch);
            return;
        }
        long wait = millisToWait();
        selecting.set(true);
        // Looking into the inbox after the flag is up closes the gap in which a task comes without a wake-up.
        boolean idle = inbox.isEmpty() && !stopping && wait != 0;
        if (!idle) {
            selecting.set(false);
        }
        nowIsStale = true;
        // A flag left set by a callback would make each of the following waits return at once.
        Thread.interrupted();
        if (idle) {
            selector.select(dispatch, wait == Deadline.NEVER ? 0 : wait);
            selecting.lazySet(false);
        } else {
            selector.selectNow(dispatch);
        }
    }

    private long millisToWait() {
        long earliest = timers.earliest();
        if (earliest == Deadline.NEVER) {
            return Deadline.NEVER;
        }
        long nanos = earliest - now();
        return nanos <= 0 ? 0 : (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
    }

    private void dispatch(SelectionKey key) {
        // The wait is over: what is submitted from here on is found by the next turn, without a wake-up.
        if (selecting.getPlain()) {
            selecting.lazySet(false);
        }
        if (!key.isValid()) {
            return;
        }
        Handler handler = (Handler) key.attachment();
        try {
            handler.onReady(key.readyOps());
        } catch (Throwable e) {
            fail(handler, e);
        }
    }

    private static void fail(Handler handler, Throwable failure) {
        try {
            handler.onFailure(failure);
        } catch (Throwable e) {
            report("Ending what had failed failed too", e);
        }
    }

    private void closeFlushed(int count) {
        for (int i = 0; i < count; i++) {
            try {
                closing.get(i).close();
            } catch (IOException e) {
                LOG.debug("Closing a channel failed", e);
            }
        }
        if (count > 0) {
            closing.subList(0, count).clear();
        }
    }

    /** As many as a turn can bear: closing thousands at once would starve the others and pile up cancelled keys. */
    private void fireTimers() {
        Timer timer;
        for (int most = TIMERS_A_TURN; most > 0 && (timer = timers.takeDue(now())) != null; most--) {
            try {
                timer.fire();
            } catch (Throwable e) {
                report("A timer failed", e);
            }
        }
    }
}
