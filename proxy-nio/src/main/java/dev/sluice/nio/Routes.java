package dev.sluice.nio;

import dev.sluice.CloseReason;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.Upstream;
import dev.sluice.Upstreams;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Member;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

/**
 * The routes of a running server and the groups that they use, changed one step at a time: each step happens whole or
 * not at all.
 *
 * <p>Thread: any but a worker's; the server sees to it that changes do not overlap. Looking is free for any thread.
 */
final class Routes {
    private final NioServer server;
    private final Workers workers;
    private final Events events;
    private final Binder binder;
    /** Replaced, never changed, as is the next. */
    private volatile Map<String, LiveRoute> routes = Map.of();

    private volatile Map<String, LiveGroup> groups = Map.of();
    /** Removed, with flows that may still live. */
    private final List<LiveRoute> departing = new ArrayList<>();

    Routes(NioServer server, Workers workers, Events events, Binder binder) {
        this.server = server;
        this.workers = workers;
        this.events = events;
        this.binder = binder;
    }

    List<RunningRoute> all() {
        return List.copyOf(routes.values());
    }

    LiveRoute route(String name) {
        return named("route", name, routes);
    }

    LiveGroup group(String name) {
        return named("group", name, groups);
    }

    /** Binds a route under a free name. Nothing is accepted before it is opened. */
    LiveRoute bind(Route route) {
        if (routes.containsKey(route.name())) {
            throw new IllegalArgumentException(
                    "route \"" + route.name() + "\" exists already; give it another name, or replace it");
        }
        LiveGroup group = groupFor(route, null);
        LiveRoute live = new LiveRoute(route, group, workers, events);
        try {
            bindAll(route, live, group);
            refuseLoops(with(routes, route.name(), live).values());
        } catch (RuntimeException e) {
            retire(live.listeners());
            throw e;
        }
        routes = with(routes, route.name(), live);
        groups = with(groups, group.name(), group);
        return live;
    }

    LiveRoute add(Route route) {
        LiveRoute live = bind(route);
        try {
            open(live);
        } catch (RuntimeException e) {
            remove(route.name(), Leaving.close());
            throw e;
        }
        return live;
    }

    void open(LiveRoute route) {
        open(route.listeners());
    }

    LiveRoute replace(Route route) {
        LiveRoute live = route(route.name());
        if (live.definition().transport() != route.transport()) {
            throw new IllegalArgumentException("route \"" + route.name() + "\" is "
                    + live.definition().transport() + " and cannot become " + route.transport()
                    + "; remove it and add the other");
        }
        LiveGroup group = groupFor(route, live);
        List<Binding> leaving = new ArrayList<>(live.bindings());
        List<Binding> next = new ArrayList<>();
        List<Binding> fresh = new ArrayList<>();
        try {
            for (InetSocketAddress asked : route.listen()) {
                Binding kept = take(leaving, asked);
                if (kept == null) {
                    kept = binder.bind(route, asked, live.lanes(), group.group(), routes.values());
                    fresh.add(kept);
                }
                next.add(kept);
            }
            refuseLoops(live, route, next);
            if (!group.group().definition().equals(route.upstreams())) {
                group.group().redefine(route.upstreams());
            }
        } catch (RuntimeException e) {
            retire(LiveRoute.listeners(fresh));
            throw e;
        }
        live.become(route, group, next);
        List<Listener> freshListeners = LiveRoute.listeners(fresh);
        live.listeners().stream()
                .filter(listener -> !freshListeners.contains(listener))
                .forEach(listener -> onItsWorker(listener, () -> binder.configure(listener, route, group.group())));
        open(freshListeners);
        takeLastAndRetire(LiveRoute.listeners(leaving));
        groups = with(groups, group.name(), group);
        forgetUnusedGroups();
        return live;
    }

    /** Takes the binding of an address that was asked for before out of those that would leave, or returns null. */
    private static Binding take(List<Binding> leaving, InetSocketAddress asked) {
        for (Binding binding : leaving) {
            if (binding.asked().equals(asked)) {
                leaving.remove(binding);
                return binding;
            }
        }
        return null;
    }

    void remove(String name, Leaving leaving) {
        LiveRoute live = route(name);
        takeLastAndRetire(live.listeners());
        live.endFlows(leaving, CloseReason.ROUTE_REMOVED);
        if (leaving.kind() != Leaving.Kind.KEEP && leaving.within().isZero()) {
            await(live.listeners(), Listener::isClosed);
        }
        Map<String, LiveRoute> rest = new LinkedHashMap<>(routes);
        rest.remove(name);
        routes = rest;
        departing.removeIf(route -> route.activeFlows() == 0);
        departing.add(live);
        forgetUnusedGroups();
    }

    void update(LiveGroup group, Collection<Upstream> snapshot, Leaving leaving) {
        if (groups.get(group.name()) != group) {
            throw new IllegalStateException("group \"" + group.name() + "\" is not used by any route any more");
        }
        List<Upstream> members = Upstreams.of(snapshot).members();
        for (LiveRoute route : routes.values()) {
            if (route.group() == group) {
                OwnAddresses.refuse(route.definition(), members, routes.values());
            }
        }
        Collection<Member> gone = group.group().update(members);
        // Flows from before a replace may be on them still, whatever group their route has now.
        withDeparting().forEach(route -> route.endFlowsOf(gone, leaving, CloseReason.UPSTREAM_REMOVED));
    }

    /** Has all listeners take no new flow. */
    void retireAll() {
        takeLastAndRetire(routes.values().stream()
                .flatMap(route -> route.listeners().stream())
                .toList());
    }

    void endAllFlows(CloseReason reason) {
        withDeparting().forEach(route -> route.endFlows(Leaving.close(), reason));
    }

    private List<LiveRoute> withDeparting() {
        List<LiveRoute> all = new ArrayList<>(routes.values());
        all.addAll(departing);
        return all;
    }

    /** The group that a route asks for: one that exists and is the same, or a new one. */
    private LiveGroup groupFor(Route route, LiveRoute replaced) {
        Upstreams asked = route.upstreams();
        LiveGroup existing = groups.get(asked.name());
        if (existing == null) {
            return new LiveGroup(server, new Group(asked, workers.all().size()));
        }
        boolean usedByOthers =
                routes.values().stream().anyMatch(other -> other != replaced && other.group() == existing);
        if (usedByOthers && !existing.group().definition().equals(asked)) {
            throw new IllegalArgumentException("route \"" + route.name() + "\": group \"" + asked.name()
                    + "\" is used by another route with other upstreams or another selector; "
                    + "share one Upstreams value, or give it a name of its own");
        }
        return existing;
    }

    private void bindAll(Route route, LiveRoute live, LiveGroup group) {
        Collection<LiveRoute> all = with(routes, route.name(), live).values();
        List<Binding> bindings = new ArrayList<>();
        for (InetSocketAddress asked : route.listen()) {
            bindings.add(binder.bind(route, asked, live.lanes(), group.group(), all));
            live.become(route, group, bindings);
        }
    }

    private static void refuseLoops(Collection<LiveRoute> all) {
        for (LiveRoute route : all) {
            List<Upstream> upstreams = route.group().group().members().stream()
                    .map(Member::upstream)
                    .toList();
            OwnAddresses.refuse(route.definition(), upstreams, all);
        }
    }

    /** What a route is about to become, against all others, both ways. */
    private void refuseLoops(LiveRoute live, Route next, List<Binding> bindings) {
        List<Upstream> upstreams = next.upstreams().members();
        OwnAddresses.refuse(next.name(), upstreams, next.name(), bindings);
        for (LiveRoute other : routes.values()) {
            if (other != live && other.definition().transport() == next.transport()) {
                OwnAddresses.refuse(next.name(), upstreams, other.name(), other.bindings());
                OwnAddresses.refuse(other.name(), other.group().group().upstreams(), next.name(), bindings);
            }
        }
    }

    private void forgetUnusedGroups() {
        Map<String, LiveGroup> used = new LinkedHashMap<>();
        routes.values().forEach(route -> used.put(route.group().name(), route.group()));
        groups = used;
    }

    private static void open(List<Listener> listeners) {
        for (Listener listener : listeners) {
            listener.lane().worker().call(() -> {
                listener.open();
                return null;
            });
        }
    }

    private static void takeLastAndRetire(List<Listener> listeners) {
        listeners.forEach(listener -> onItsWorker(listener, listener::takeLast));
        retire(listeners);
    }

    private static void retire(List<Listener> listeners) {
        listeners.forEach(listener -> onItsWorker(listener, listener::retire));
        await(listeners, listener -> listener.isClosed() || listener.isNeeded());
    }

    /** Each look takes a turn of the listener's worker, and each turn closes what was to be closed and ends flows. */
    private static void await(List<Listener> listeners, Predicate<Listener> condition) {
        for (Listener listener : listeners) {
            while (!listener.lane().worker().call(() -> condition.test(listener))) {
                Thread.onSpinWait();
            }
        }
    }

    private static void onItsWorker(Listener listener, Runnable task) {
        listener.lane().worker().run(task);
    }

    private static <T> T named(String what, String name, Map<String, T> known) {
        T found = known.get(name);
        if (found == null) {
            throw new NoSuchElementException("no " + what + " \"" + name + "\"; there are " + known.keySet());
        }
        return found;
    }

    private static <T> Map<String, T> with(Map<String, T> known, String name, T value) {
        Map<String, T> more = new LinkedHashMap<>(known);
        more.put(name, value);
        return more;
    }
}
