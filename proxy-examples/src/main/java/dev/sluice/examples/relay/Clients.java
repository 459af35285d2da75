package dev.sluice.examples.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The demo's clients: a few threads that share some turns of work. */
final class Clients {
    private static final int THREADS = 2;

    private Clients() {}

    /** What a client does at its turn, of which the first is 0. */
    @FunctionalInterface
    interface Turn {
        void run(int turn) throws Exception;
    }

    /** Returns when all turns are done; throws what one of them threw. */
    static void run(int turns, Turn work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < turns; i++) {
                int turn = i;
                tasks.add(() -> {
                    work.run(turn);
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
