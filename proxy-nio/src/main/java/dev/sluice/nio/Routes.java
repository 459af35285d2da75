package dev.sluice.nio;

import dev.sluice.CloseReason;
import dev.sluice.FaultRule;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSource;
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
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of a running server and the groups that they use, changed one step at a time: each step happens whole or
 * not at all.
 *
 * <p>Thread: any but a worker's; the server sees to it that changes do not overlap. Looking is free for any thread.
 */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    private final NioServer server;
    private final Workers workers;
    private final Events events;
    private final Binder binder;
    private final Executor blockingThreads;
    private final HealthReports health;
    /** Replaced, never changed, as is the next. */
    private volatile Map<String, LiveRoute> routes = Map.of();

    private volatile Map<String, LiveGroup> groups = Map.of();
    /** Removed, with flows that may still live; replaced, too. */
    private volatile List<LiveRoute> departing = List.of();

    Routes(NioServer server, Workers workers, Events events, Binder binder, Executor blockingThreads) {
        this.server = server;
        this.workers = workers;
        this.events = events;
        this.binder = binder;
        this.blockingThreads = blockingThreads;
        this.health = new HealthReports(events, this::withDeparting);
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
        LiveRoute live = new LiveRoute(route, group, this, workers, events);
        Feed feed = null;
        try {
            bindAll(route, live, group);
            feed = newFeed(route, group);
            if (feed != null) {
                feed.take().ifPresent(group.group()::update);
            }
            OwnAddresses.refuse(with(routes, route.name(), live).values());
        } catch (RuntimeException | Error e) {
            closeIfAny(feed);
            Listening.retire(live.listeners());
            throw e;
        }
        if (feed != null) {
            group.feed(feed);
        }
        routes = with(routes, route.name(), live);
        use(group);
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

    /** Takes flows from here on, under the faults that the route is to be under. */
    void open(LiveRoute route) {
        route.faults().beginWith(route.definition().faults());
        route.doors().settle();
    }

    LiveRoute replace(Route route) {
        LiveRoute live = route(route.name());
        binder.requireReplacement(live.definition(), route);
        live.doors().requireOpen("replace");
        List<FaultRule> faultsBefore = live.definition().faults();
        LiveGroup group = groupFor(route, live);
        Consumer<Listener> configuration = binder.configuration(route, group.group());
        List<Binding> leaving = new ArrayList<>(live.bindings());
        List<Binding> next = new ArrayList<>();
        List<Binding> fresh = new ArrayList<>();
        Feed feed = null;
        try {
            for (InetSocketAddress asked : route.listen()) {
                Binding kept = take(leaving, asked);
                if (kept == null) {
                    kept = binder.bind(route, asked, live.lanes(), group.group(), routes.values());
                    fresh.add(kept);
                }
                next.add(kept);
            }
            feed = newFeed(route, group);
            List<Upstream> members = members(route.upstreams(), group, feed);
            OwnAddresses.refuse(live, route, members, next, routes.values());
            if (feed != null || !group.group().definition().equals(route.upstreams())) {
                group.group().redefine(route.upstreams(), members);
            }
        } catch (RuntimeException | Error e) {
            closeIfAny(feed);
            Listening.retire(LiveRoute.listeners(fresh));
            throw e;
        }
        if (feed != null || route.upstreams().source() == null) {
            group.feed(feed);
        }
        live.become(route, group, next);
        List<Listener> freshListeners = LiveRoute.listeners(fresh);
        live.listeners().stream()
                .filter(listener -> !freshListeners.contains(listener))
                .forEach(listener -> Listening.onItsWorker(listener, () -> configuration.accept(listener)));
        live.doors().open(freshListeners);
        Listening.takeLastAndRetire(LiveRoute.listeners(leaving));
        use(group);
        forgetUnusedGroups();
        live.faults().replace(faultsBefore, route.faults());
        return live;
    }

    /** Subscribes to the source of a route's group, where it has one that it does not have already. */
    private Feed newFeed(Route route, LiveGroup group) {
        UpstreamSource source = route.upstreams().source();
        if (source == null || group.feed() != null && group.feed().isOf(source)) {
            return null;
        }
        Feed feed = new Feed(route.upstreams(), blockingThreads, () -> server.takeOver(group));
        feed.open(route.name());
        return feed;
    }

    /** What a group begins with: what its source has delivered at once, or else has at hand. */
    private static List<Upstream> members(Upstreams asked, LiveGroup group, Feed feed) {
        if (asked.source() == null) {
            return asked.members();
        }
        return feed == null ? group.group().upstreams() : feed.take().orElseGet(group.group()::upstreams);
    }

    private static void closeIfAny(Feed feed) {
        if (feed != null) {
            feed.close();
        }
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
        live.doors().abandon();
        Listening.takeLastAndRetire(live.listeners());
        live.endFlows(leaving, CloseReason.ROUTE_REMOVED);
        if (leaving.kind() != Leaving.Kind.KEEP && leaving.within().isZero()) {
            Listening.await(live.listeners(), Listener::isClosed);
        }
        // First, so that whoever looks at both finds it in one of them.
        departing = Stream.concat(departing.stream().filter(route -> route.activeFlows() > 0), Stream.of(live))
                .toList();
        Map<String, LiveRoute> rest = new LinkedHashMap<>(routes);
        rest.remove(name);
        routes = rest;
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

    /** Takes over what the source of a group has delivered last; where that cannot be, the set before stays. */
    void takeOver(LiveGroup group) {
        Feed feed = group.feed();
        if (feed == null || groups.get(group.name()) != group) {
            return;
        }
        try {
            feed.take().ifPresent(snapshot -> update(group, snapshot, LiveGroup.usualLeaving()));
        } catch (Throwable e) {
            LOG.warn("Group \"{}\": what its source delivered cannot be used: {}", group.name(), e.toString());
            LOG.debug("Group \"{}\" has the members that it had", group.name(), e);
        }
    }

    void closeGroups() {
        groups.values().forEach(LiveGroup::close);
    }

    /** Has all listeners take no new flow. */
    void retireAll() {
        routes.values().forEach(route -> route.doors().abandon());
        Listening.takeLastAndRetire(routes.values().stream()
                .flatMap(route -> route.listeners().stream())
                .toList());
    }

    void endAllFlows(CloseReason reason) {
        withDeparting().forEach(route -> route.endFlows(Leaving.close(), reason));
    }

    NioServer server() {
        return server;
    }

    Binder binder() {
        return binder;
    }

    /** Those that are neither removed nor replaced by another. */
    Collection<LiveRoute> live() {
        return routes.values();
    }

    private List<LiveRoute> withDeparting() {
        return Stream.concat(routes.values().stream(), departing.stream()).toList();
    }

    /** The group that a route asks for: one that exists and is the same, or a new one. */
    private LiveGroup groupFor(Route route, LiveRoute replaced) {
        Upstreams asked = route.upstreams();
        LiveGroup existing = groups.get(asked.name());
        if (existing == null) {
            return new LiveGroup(server, new Group(asked, workers.all().size(), health));
        }
        boolean usedByOthers =
                routes.values().stream().anyMatch(other -> other != replaced && other.group() == existing);
        if (usedByOthers && !existing.group().definition().equals(asked)) {
            throw new IllegalArgumentException("route \"" + route.name() + "\": group \"" + asked.name()
                    + "\" is used by another route defined in another way; "
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

    private void use(LiveGroup group) {
        groups = with(groups, group.name(), group);
        group.group().open(workers.all(), binder.names());
    }

    private void forgetUnusedGroups() {
        Map<String, LiveGroup> used = new LinkedHashMap<>();
        routes.values().forEach(route -> used.put(route.group().name(), route.group()));
        Collection<LiveGroup> unused = new ArrayList<>(groups.values());
        unused.removeAll(used.values());
        groups = used;
        unused.forEach(LiveGroup::close);
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
