package dev.sluice.examples.relay;

import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.Upstream;
import dev.sluice.Upstreams;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The lines that a route begins with: {@code listening web tcp 127.0.0.1:7005 -> 127.0.0.1:5201}, and its faults. */
final class Listening {
    private Listening() {}

    static String line(RunningRoute route) {
        Route definition = route.definition();
        Upstreams group = definition.upstreams();
        String upstreams = group.source() != null
                ? group.source().toString()
                : group.members().stream().map(Upstream::id).collect(Collectors.joining(","));
        return "listening " + route.name() + " "
                + definition.transport().name().toLowerCase(Locale.ROOT) + " " + place(route.localAddresses()) + " -> "
                + upstreams;
    }

    /** A line for each fault that a route is under: {@code fault web to client: latency PT0.1S, seed 42}. */
    static List<String> faults(RunningRoute route) {
        return route.faults().running().stream()
                .map(FaultReading::of)
                .map(fault -> "fault " + route.name() + " " + fault.rule() + fault.seed())
                .toList();
    }

    /** Where a route listens; a host's own addresses, bound each by itself, are told as the wildcard. */
    static String place(List<InetSocketAddress> bound) {
        InetSocketAddress first = bound.get(0);
        if (bound.size() == 1) {
            return AddressText.of(first);
        }
        boolean v6 = bound.stream().anyMatch(address -> address.getAddress() instanceof Inet6Address);
        return (v6 ? "[::]:" : "0.0.0.0:") + first.getPort();
    }
}
