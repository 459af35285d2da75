package dev.sluice.examples.relay;

import dev.sluice.LiveUpstreams;
import dev.sluice.ProxyServer;
import dev.sluice.RunningRoute;
import dev.sluice.UpstreamHealth;
import dev.sluice.UpstreamMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at a server's counters again and again, and tells what changed between two looks. For one thread. */
final class Meter {
    private final Map<List<String>, Counts> before = new HashMap<>();
    private final Map<List<String>, UpstreamState> states = new HashMap<>();
    private final ProxyServer server;
    private long lookedNanos;

    /** @param nowNanos the time from which the first rates count */
    Meter(ProxyServer server, long nowNanos) {
        this.server = server;
        this.lookedNanos = nowNanos;
    }

    List<RouteReading> look(long nowNanos) {
        double seconds = Math.max(1, nowNanos - lookedNanos) / 1e9;
        lookedNanos = nowNanos;
        List<RouteReading> readings = new ArrayList<>();
        for (RunningRoute route : server.routes()) {
            readings.add(new RouteReading(
                    reading(List.of(route.name()), Counts.of(route.metrics()), seconds, ""),
                    upstreams(route, seconds),
                    route.faults().running().stream().map(FaultReading::of).toList(),
                    Endings.troubles(route.metrics())));
        }
        return readings;
    }

    private List<Reading> upstreams(RunningRoute route, double seconds) {
        LiveUpstreams group = server.upstreams(
                Optional.ofNullable(route.definition().upstreams().name()).orElseThrow());
        List<Reading> readings = new ArrayList<>();
        List<UpstreamMetrics> members = group.list();
        forgetAllBut(members, route.name());
        for (UpstreamMetrics each : members) {
            List<String> key = List.of(route.name(), each.upstream().id());
            Counts now = Counts.of(each);
            Counts then = before.getOrDefault(key, Counts.NONE);
            UpstreamState state = states.getOrDefault(key, UpstreamState.UNUSED)
                    .after(now.opened() - then.opened(), now.failed() - then.failed());
            states.put(key, state);
            String shown = each.health() == UpstreamHealth.HEALTHY ? state.toString() : "out";
            readings.add(reading(key, now, seconds, shown));
        }
        return readings;
    }

    /** One that has left and returns is counted from zero. */
    private void forgetAllBut(List<UpstreamMetrics> members, String route) {
        Set<List<String>> gone = new HashSet<>(states.keySet());
        gone.removeIf(key -> !key.get(0).equals(route));
        members.forEach(each -> gone.remove(List.of(route, each.upstream().id())));
        states.keySet().removeAll(gone);
        before.keySet().removeAll(gone);
    }

    private Reading reading(List<String> key, Counts now, double seconds, String state) {
        Counts then = before.getOrDefault(key, Counts.NONE);
        before.put(key, now);
        return new Reading(
                key.get(key.size() - 1),
                now,
                (now.up() - then.up()) / seconds,
                (now.down() - then.down()) / seconds,
                state);
    }
}
