package dev.sluice.nio;

import dev.sluice.CloseReason;
import dev.sluice.Leaving;
import dev.sluice.Transport;
import dev.sluice.fault.ListeningFault;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.socket.FullBacklog;
import dev.sluice.nio.tcp.TcpListener;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The ports of a route: open, closed while it is down or refuses, or full while it is unresponsive; and whether those
 * who come are taken.
 *
 * <p>Thread: any but a worker's, under the server's lock.
 */
final class Doors {
    private enum State {
        /** Nobody has been taken yet. */
        BOUND,
        OPEN,
        CLOSED,
        FULL
    }

    private final LiveRoute route;
    private final Binder binder;
    private final Supplier<Collection<LiveRoute>> all;
    private State state = State.BOUND;
    private boolean isDown;
    private boolean isPaused;
    private List<FullBacklog> full = List.of();
    /** Clients that were in a full backlog, until they are taken. */
    private final List<SocketChannel> waiting = new ArrayList<>();

    /** @param all the routes of the server */
    Doors(LiveRoute route, Binder binder, Supplier<Collection<LiveRoute>> all) {
        this.route = route;
        this.binder = binder;
        this.all = all;
    }

    /** Brings the ports to where faults and verbs want them; where that fails they stay as they are. */
    void settle() {
        State wanted = isDown || meets(ListeningFault.REFUSE)
                ? State.CLOSED
                : meets(ListeningFault.UNRESPONSIVE) ? State.FULL : State.OPEN;
        if (wanted != state) {
            switch (wanted) {
                case CLOSED -> close();
                case FULL -> fill();
                default -> open();
            }
            state = wanted;
        }
        if (state == State.OPEN) {
            suspend(route.listeners());
            if (!isSuspended()) {
                takeWaiting();
            }
        }
    }

    private boolean meets(ListeningFault fault) {
        return route.faults().meets(fault);
    }

    /** Opens listeners that are new. */
    void open(List<Listener> fresh) {
        suspend(fresh);
        Listening.open(fresh);
    }

    private void suspend(List<Listener> listeners) {
        boolean suspended = isSuspended();
        listeners.forEach(listener -> Listening.onItsWorker(listener, () -> listener.suspend(suspended)));
    }

    private boolean isSuspended() {
        return isPaused || meets(ListeningFault.PAUSE_ACCEPTING);
    }

    void pause() {
        isPaused = true;
        settle();
    }

    /** @param isLive whether anybody is to be taken; not if the route is removed, or the server drains */
    void resume(boolean isLive) {
        isPaused = false;
        if (isLive) {
            settle();
        }
    }

    boolean isPaused() {
        return isPaused;
    }

    /** Closes the ports, and resets all flows. */
    void down() {
        isDown = true;
        settle();
        route.endFlows(Leaving.close(), CloseReason.CLOSED_BY_USER);
        route.awaitNoFlows();
    }

    void up() {
        boolean before = isDown;
        isDown = false;
        try {
            settle();
        } catch (RuntimeException e) {
            isDown = before;
            throw e;
        }
    }

    /** Whether clients find the listeners that the route has. */
    void requireOpen(String change) {
        if (state == State.CLOSED || state == State.FULL) {
            throw new IllegalStateException("route \"" + route.name() + "\" is down, or its ports are at fault; "
                    + change + " it when that is over");
        }
    }

    /** The route is removed, or the server closed. */
    void abandon() {
        emptyFull();
        waiting.forEach(Binder::closeQuietly);
        waiting.clear();
    }

    private void open() {
        emptyFull();
        if (state != State.BOUND) {
            state = State.CLOSED;
            route.rebound(rebind());
        }
        try {
            open(route.listeners());
        } catch (RuntimeException e) {
            // They are closed, as the state says, so that it may be tried again.
            Listening.retire(route.listeners());
            throw e;
        }
    }

    private void takeWaiting() {
        if (!waiting.isEmpty()) {
            TcpListener first = (TcpListener) route.listeners().get(0);
            waiting.forEach(client -> first.lane().worker().submit(() -> first.adopt(client)));
            waiting.clear();
        }
    }

    /** The same ports, on sockets of their own again. */
    private List<Binding> rebind() {
        List<Binding> bindings = new ArrayList<>();
        // It has no port itself: whoever is in the way is another.
        List<LiveRoute> others =
                all.get().stream().filter(other -> other != route).toList();
        try {
            for (Binding former : route.bindings()) {
                InetSocketAddress same = former.withRealPort();
                Binding again = binder.bind(
                        route.definition(), same, route.lanes(), route.group().group(), others);
                bindings.add(new Binding(former.asked(), again.listeners()));
            }
            return bindings;
        } catch (RuntimeException e) {
            Listening.retire(LiveRoute.listeners(bindings));
            throw e;
        }
    }

    private void close() {
        abandon();
        if (state == State.BOUND || state == State.OPEN) {
            closeListeners();
        }
    }

    private void fill() {
        boolean isShared = state != State.CLOSED;
        full = binder.fullBacklogs(route.definition(), addresses(), isShared);
        if (isShared) {
            closeListeners();
        }
        binder.fill(full);
    }

    private List<InetSocketAddress> addresses() {
        return route.listeners().stream().map(Listener::address).distinct().toList();
    }

    private void closeListeners() {
        List<Listener> listeners = route.listeners();
        if (state == State.OPEN) {
            listeners.forEach(listener -> Listening.onItsWorker(listener, listener::takeLast));
        }
        Listening.retire(listeners);
        if (route.definition().transport() == Transport.UDP) {
            // Not before: one that began meanwhile would keep the port.
            route.endFlows(Leaving.close(), isDown ? CloseReason.CLOSED_BY_USER : CloseReason.FAULT);
        }
        Listening.await(listeners, Listener::isClosed);
    }

    private void emptyFull() {
        full.forEach(backlog -> waiting.addAll(backlog.close()));
        full = List.of();
    }
}
