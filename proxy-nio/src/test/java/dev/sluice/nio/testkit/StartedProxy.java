package dev.sluice.nio.testkit;

import dev.sluice.ProxyServer;
import dev.sluice.RouteMetrics;
import dev.sluice.RunningRoute;
import dev.sluice.UpstreamMetrics;
import java.net.InetSocketAddress;

/**
 * A running server and what was heard of it. What is said of "the" route is meant of a server's first.
 *
 * @param name what the names of its threads begin with
 * @param log what its listener heard; empty where the test brought a listener of its own
 */
public record StartedProxy(ProxyServer server, String name, FlowLog log) {

    public RunningRoute route() {
        return server.routes().get(0);
    }

    public InetSocketAddress address() {
        return route().localAddress();
    }

    public RouteMetrics metrics() {
        return route().metrics();
    }

    /** The counters of an upstream of the route, by its place in the group. */
    public UpstreamMetrics upstream(int place) {
        return server.upstreams(route().definition().upstreams().name()).list().get(place);
    }
}
