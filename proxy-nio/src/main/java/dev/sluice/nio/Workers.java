package dev.sluice.nio;

import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.loop.Clock;
import dev.sluice.nio.route.Permits;
import dev.sluice.nio.socket.Sockets;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A server's workers and the threads that turn their loops.
 *
 * <p>Thread: any but a worker's, apart from {@link #isCurrent}.
 */
final class Workers {
    private final String name;
    private final Clock clock = Clock.system();
    private final Sockets sockets;
    private final BufferBudget budget;
    private final Permits flows;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    Workers(String name, int count, Sockets sockets, BufferBudget budget, Permits flows) {
        this.name = name;
        this.sockets = sockets;
        this.budget = budget;
        this.flows = flows;
        try {
            sockets.rehearse();
            for (int i = 0; i < count; i++) {
                workers.add(new Worker(i, count, sockets, clock, budget));
            }
        } catch (IOException e) {
            abandon();
            throw new UncheckedIOException("no channel or selector could be opened; raise the open-file limit", e);
        } catch (RuntimeException | Error e) {
            abandon();
            throw e;
        }
    }

    /** What the names of its threads begin with. */
    String name() {
        return name;
    }

    List<Worker> all() {
        return workers;
    }

    Sockets sockets() {
        return sockets;
    }

    BufferBudget budget() {
        return budget;
    }

    /** What the flows of all routes need one of, each. */
    Permits flows() {
        return flows;
    }

    Clock clock() {
        return clock;
    }

    void start() {
        try {
            for (Worker worker : workers) {
                threads.add(start("worker-" + worker.index(), worker.loop()::run));
            }
        } catch (Throwable e) {
            workers.subList(threads.size(), workers.size())
                    .forEach(worker -> worker.loop().end());
            throw e;
        }
    }

    /**
     * Starts a daemon thread that holds on to nothing of its creator: no thread locals, and no class loader but the
     * engine's.
     */
    Thread start(String role, Runnable task) {
        Thread thread = thread(role, task);
        thread.start();
        return thread;
    }

    Thread thread(String role, Runnable task) {
        Thread thread = new Thread(null, task, name + "-" + role, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(Workers.class.getClassLoader());
        return thread;
    }

    /** True on the thread of any of these workers. */
    boolean isCurrent() {
        return workers.stream().anyMatch(worker -> worker.loop().isCurrent());
    }

    void refuseCurrent(String call) {
        if (isCurrent()) {
            throw new IllegalStateException(
                    call + " waits for the workers and was called on one, such as in a selector; call it elsewhere");
        }
    }

    /** Runs the task on each worker that has not ended, in turn, waiting for it. */
    void forEach(Consumer<Worker> task) {
        for (Worker worker : workers) {
            if (!worker.loop().hasEnded()) {
                worker.run(() -> task.accept(worker));
            }
        }
    }

    /** Ends all loops and waits until their threads are gone. */
    void stop() {
        workers.forEach(worker -> worker.loop().stop());
        threads.forEach(Threads::joinFully);
    }

    /** Gives up workers whose threads have not been started. */
    void abandon() {
        workers.forEach(worker -> worker.loop().end());
    }
}
