package dev.sluice;

import java.util.Collection;
import java.util.List;

/**
 * A group of upstreams in a running server, shared by the routes that use it. Any thread may call.
 *
 * @see ProxyServer#upstreams(String)
 */
public interface LiveUpstreams {

    /** {@return the group's name; that of its route if the group was given inline} */
    String name();

    /**
     * Replaces the set; flows of those that leave have 30 seconds to end, then they are reset.
     *
     * @param snapshot the whole new set, as {@link #update(Collection, Leaving)} takes it
     * @throws IllegalArgumentException if two have the same id, or one is an address that the server itself listens on;
     *     nothing has changed then
     * @throws IllegalStateException if an {@link UpstreamSource} feeds the group, no route uses it any more, the server
     *     is closing, or if called on a worker
     */
    void update(Collection<Upstream> snapshot);

    /**
     * Replaces the set. Upstreams are matched by {@link Upstream#id()}: what stays keeps its flows and its counters,
     * and its health as long as its host and port are the same. When the call returns new flows go to the new set only.
     *
     * @param snapshot the whole new set, in the selector's order; if empty, new flows are refused until the next update
     * @param leaving what happens to the flows of those that leave
     * @throws IllegalArgumentException if two have the same id, or one is an address that the server itself listens on;
     *     nothing has changed then
     * @throws IllegalStateException if an {@link UpstreamSource} feeds the group, no route uses it any more, the server
     *     is closing, or if called on a worker
     */
    void update(Collection<Upstream> snapshot, Leaving leaving);

    /** {@return the present set in its order, each with its counters as they are now} */
    List<UpstreamMetrics> list();

    /** {@return whether so few are healthy that all are used; see {@link Upstreams#panicBelow}} */
    boolean isInPanic();
}
