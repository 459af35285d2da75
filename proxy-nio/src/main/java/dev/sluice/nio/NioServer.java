package dev.sluice.nio;

import dev.sluice.CloseReason;
import dev.sluice.Leaving;
import dev.sluice.LiveUpstreams;
import dev.sluice.NameResolver;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.RunningRoute;
import dev.sluice.ServerMetrics;
import dev.sluice.Shutdown;
import dev.sluice.Upstream;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.observe.Totals;
import dev.sluice.nio.upstream.Names;
import dev.sluice.nio.worker.Worker;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: its start, the changes while it runs, its end.
 *
 * <p>Thread: any. Changes are made one at a time, under the server's lock.
 */
final class NioServer implements ProxyServer {
    private static final Logger LOG = LoggerFactory.getLogger(NioServer.class);
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(5).toNanos();
    private static final long TRY_AGAIN_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration LONGEST_DEADLINE = Duration.ofDays(36_500);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private enum State {
        RUNNING,
        DRAINING,
        CLOSING
    }

    private final Workers workers;
    private final Events events;
    private final BlockingThreads blockingThreads;
    private final Routes routes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean closerStarted = new AtomicBoolean();
    private Thread eventThread;
    private volatile State state = State.RUNNING;
    /** Flows were left to reset when the server was closed. */
    private volatile boolean forced;

    NioServer(Workers workers, Events events, NameResolver resolver) {
        this.workers = workers;
        this.events = events;
        this.blockingThreads = new BlockingThreads(workers);
        Names names = new Names(resolver, blockingThreads);
        this.routes =
                new Routes(this, workers, events, new Binder(workers.sockets(), names, resolver), blockingThreads);
    }

    /** Binds all routes before the first accepts; if one cannot be bound nothing is left of the server. */
    synchronized void start(List<Route> first) {
        try {
            workers.start();
            if (events.isWanted()) {
                eventThread = workers.start("events", events::run);
            }
            first.stream().map(routes::bind).toList().forEach(routes::open);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public RunningRoute route(String name) {
        Objects.requireNonNull(name, "name");
        return routes.route(name);
    }

    @Override
    public List<RunningRoute> routes() {
        return routes.all();
    }

    @Override
    public LiveUpstreams upstreams(String group) {
        Objects.requireNonNull(group, "group");
        return routes.group(group);
    }

    @Override
    public ServerMetrics metrics() {
        BufferBudget budget = workers.budget();
        return new ServerSnapshot(
                totals(),
                events.lost(),
                events.failures(),
                budget.held(),
                budget.limit(),
                workers.all().size());
    }

    @Override
    public RunningRoute add(Route route) {
        Objects.requireNonNull(route, "route");
        return change("add()", () -> routes.add(route));
    }

    @Override
    public RunningRoute replace(Route route) {
        Objects.requireNonNull(route, "route");
        return change("replace()", () -> routes.replace(route));
    }

    @Override
    public void remove(String route, Leaving flows) {
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(flows, "flows");
        workers.refuseCurrent("remove()");
        synchronized (this) {
            requireRunning();
            routes.remove(route, flows);
        }
    }

    void update(LiveGroup group, Collection<Upstream> snapshot, Leaving leaving) {
        workers.refuseCurrent("update()");
        synchronized (this) {
            requireRunning();
            routes.update(group, snapshot, leaving);
        }
    }

    /** Makes a change that waits for the workers; throws on one of them, or if the server is not running. */
    <T> T change(String call, Supplier<T> change) {
        workers.refuseCurrent(call);
        synchronized (this) {
            requireRunning();
            return change.get();
        }
    }

    /** Undoes something; does nothing once the server is closing. */
    void undo(String call, Runnable undo) {
        workers.refuseCurrent(call);
        synchronized (this) {
            if (state != State.CLOSING) {
                undo.run();
            }
        }
    }

    /** Undoes a fault when its time is over, on a thread of ours that may wait. */
    void closeLater(RunningFault fault, long at) {
        Worker worker = workers.all().get(0);
        Timer timer = new Timer(() -> blockingThreads.execute(() -> closeOrTryAgain(fault, at)));
        worker.submit(() -> worker.timers().arm(timer, worker.loop().fromClock(at)));
    }

    /** A port that somebody else has taken may be free the next time. */
    private void closeOrTryAgain(RunningFault fault, long at) {
        try {
            fault.close();
        } catch (RuntimeException e) {
            LOG.debug("A fault whose time is over stays for another moment", e);
            closeLater(fault, at + TRY_AGAIN_NANOS);
        }
    }

    /** False once it drains or closes. */
    boolean isRunning() {
        return state == State.RUNNING;
    }

    /** True once it closes, and ever after. */
    boolean isClosing() {
        return state == State.CLOSING;
    }

    /** Takes over what the source of a group has delivered last; on a thread of ours that may wait. */
    void takeOver(LiveGroup group) {
        synchronized (this) {
            if (state == State.RUNNING) {
                routes.takeOver(group);
            }
        }
    }

    @Override
    public Shutdown shutdown(Duration deadline) {
        Objects.requireNonNull(deadline, "deadline");
        refuseOwnThread("shutdown()");
        if (deadline.isNegative() || deadline.compareTo(LONGEST_DEADLINE) > 0) {
            throw new IllegalArgumentException(
                    "shutdown deadline " + deadline + " is out of range; use zero to 36,500 days");
        }
        synchronized (this) {
            if (state == State.RUNNING) {
                state = State.DRAINING;
                routes.retireAll();
            }
        }
        long begun = workers.clock().nanos();
        while (totals().active() > 0
                && state == State.DRAINING
                && workers.clock().nanos() - begun < deadline.toNanos()
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        close();
        return forced ? Shutdown.FORCED : Shutdown.DRAINED;
    }

    @Override
    public void close() {
        if (isOwnThread()) {
            if (closerStarted.compareAndSet(false, true)) {
                // It cannot wait for its own end, and the process must not end before it.
                Thread closer = workers.thread("closer", this::closeAndWait);
                closer.setDaemon(false);
                closer.start();
            }
        } else {
            closeAndWait();
        }
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        refuseOwnThread("awaitTermination()");
        closed.await();
    }

    private void closeAndWait() {
        boolean first;
        synchronized (this) {
            first = state != State.CLOSING;
            state = State.CLOSING;
        }
        if (first) {
            try {
                endFlows();
            } finally {
                routes.closeGroups();
                workers.stop();
                blockingThreads.stop();
                stopEvents();
                closed.countDown();
            }
        } else {
            Threads.awaitFully(closed);
        }
    }

    private void endFlows() {
        routes.retireAll();
        forced = totals().active() > 0;
        routes.endAllFlows(CloseReason.SHUTDOWN);
        long begun = workers.clock().nanos();
        while (totals().active() > 0) {
            // Each call is answered by a turn, and each turn ends a slice of what is left.
            workers.forEach(worker -> {});
            if (workers.clock().nanos() - begun > GRACE.toNanos()) {
                LOG.error("{} flows did not end", totals().active());
                return;
            }
        }
        // What the last of them left to do on a worker, theirs or another, is in its inbox by now.
        workers.forEach(worker -> {});
    }

    private void stopEvents() {
        if (eventThread != null) {
            events.stop();
            if (!Threads.joinWithin(eventThread, GRACE)) {
                LOG.warn("A listener still runs {} after its server was closed", GRACE);
            }
        }
    }

    private Totals totals() {
        return new Totals(workers.all().stream().map(Worker::counters).toList());
    }

    private void requireRunning() {
        if (state != State.RUNNING) {
            throw new IllegalStateException("the server is closed, or closing");
        }
    }

    private boolean isOwnThread() {
        return workers.isCurrent() || events.isCurrent();
    }

    private void refuseOwnThread(String call) {
        if (isOwnThread()) {
            throw new IllegalStateException(call + " waits for the thread it was called on; call it from another");
        }
    }

    @Override
    public String toString() {
        String how = state == State.RUNNING ? "running" : state == State.DRAINING ? "draining" : "closed";
        List<String> names = routes().stream().map(RunningRoute::name).toList();
        return "server " + workers.name() + ", " + how + ", routes " + names;
    }
}
