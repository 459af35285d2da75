package dev.sluice;

import java.net.InetSocketAddress;
import java.util.List;

/** A route in a running server. Any thread may call; apart from {@link #flows()} nothing waits. */
public interface RunningRoute {

    /** {@return the route's name} */
    String name();

    /** {@return the route as it was given to the server; {@link LiveUpstreams} may have moved on from its upstreams} */
    Route definition();

    /** {@return the route's counters as they are now} */
    RouteMetrics metrics();

    /**
     * {@return the first address really bound, with its real port; a wildcard if a TCP route listens on all addresses}
     */
    InetSocketAddress localAddress();

    /** {@return every address really bound, in the route's order; a UDP wildcard appears as the host's addresses} */
    List<InetSocketAddress> localAddresses();

    /** {@return the port of {@link #localAddress()}: the one picked, if the route listens on port 0} */
    int port();

    /**
     * {@return the flows that live now, a copy; flows may end or begin while it is made}
     *
     * <p>Waits until each worker has told its own. Empty after the server was closed.
     *
     * @throws IllegalStateException if called on a worker, that is in a selector
     */
    List<Flow> flows();
}
