package dev.sluice.nio;

import dev.sluice.nio.route.Listener;
import java.util.List;
import java.util.function.Predicate;

/**
 * The steps by which listeners begin and cease, each taken on the listener's worker and waited for.
 *
 * <p>Thread: any but a worker's.
 */
final class Listening {
    private Listening() {}

    static void open(List<Listener> listeners) {
        for (Listener listener : listeners) {
            listener.lane().worker().call(() -> {
                listener.open();
                return null;
            });
        }
    }

    static void takeLastAndRetire(List<Listener> listeners) {
        listeners.forEach(listener -> onItsWorker(listener, listener::takeLast));
        retire(listeners);
    }

    static void retire(List<Listener> listeners) {
        listeners.forEach(listener -> onItsWorker(listener, listener::retire));
        await(listeners, listener -> listener.isClosed() || listener.isNeeded());
    }

    /** Each look takes a turn of the listener's worker, and each turn closes what was to be closed and ends flows. */
    static void await(List<Listener> listeners, Predicate<Listener> condition) {
        for (Listener listener : listeners) {
            while (!listener.lane().worker().call(() -> condition.test(listener))) {
                Thread.onSpinWait();
            }
        }
    }

    static void onItsWorker(Listener listener, Runnable task) {
        listener.lane().worker().run(task);
    }
}
