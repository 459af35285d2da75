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

    /** Returns when the workers have seen to all that had arrived before; not to be asked for where one is held up. */
    public void awaitTurn() {
        // What is asked runs before a worker looks at its sockets, and two questions may still meet in one turn.
        for (int i = 0; i < 4; i++) {
            route().flows();
        }
    }

    /** The counters of an upstream of the route, by its place in the group. */
    public UpstreamMetrics upstream(int place) {
        return server.upstreams(route().definition().upstreams().name()).list().get(place);
    }
}
