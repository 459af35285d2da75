package dev.sluice;

import java.time.Duration;

/**
 * The part of the sentence that TCP and UDP routes share. A builder belongs to one thread at a time; it may be used for
 * more than one route.
 *
 * <p>A value that is wrong throws {@link IllegalArgumentException} with a message that names the route, the field, the
 * value and what would be right; at the setter, or in {@code to(…)} if it takes the whole route to tell.
 *
 * @param <B> the kind of builder
 * @param <R> the kind of route
 */
public interface RouteBuilder<B extends RouteBuilder<B, R>, R extends Route> {

    /**
     * Listens on every local address, of IPv4 and IPv6; {@code listen("0.0.0.0", port)} is for those of IPv4 alone. A
     * UDP route binds each address that the host has at start by itself, since only then do answers leave from the one
     * that was asked. Each call of this or {@link #listen(String, int)} adds an address, but the first
     * one on a builder made of a route takes the place of the addresses that the route had.
     *
     * @param port 1 to 65535, or 0 for any free port
     * @return this builder
     * @throws IllegalArgumentException if the port is out of range
     */
    B listen(int port);

    /**
     * Listens on one address. Each call adds an address, as with {@link #listen(int)}.
     *
     * @param host a literal address, or a name of this host, which is resolved when the server starts
     * @param port 1 to 65535, or 0 for any free port
     * @return this builder
     * @throws IllegalArgumentException if the host is neither, or the port out of range
     */
    B listen(String host, int port);

    /**
     * Ends a flow in which nothing has moved for so long; traffic in either direction counts.
     *
     * @param d up to 36,500 days; zero: never. Default 10 minutes for TCP, 60 seconds for UDP
     * @return this builder
     * @throws IllegalArgumentException if negative or too long
     */
    B idleTimeout(Duration d);

    /**
     * Takes flows of these clients only; others are reset, or dropped for UDP, and counted, before anything is dialled.
     *
     * @param clients in place of those set before; none: all clients, the default
     * @return this builder
     */
    B allow(Cidr... clients);

    /**
     * Takes no flows of these clients, even where {@link #allow} names them: they are reset, or dropped for UDP, and
     * counted, before anything is dialled.
     *
     * @param clients in place of those set before; none, the default: no client is denied
     * @return this builder
     */
    B deny(Cidr... clients);

    /**
     * Sets the address that upstreams see.
     *
     * @param source default {@link SourceAddress#proxy()}; what the others need is checked at start
     * @return this builder
     */
    B source(SourceAddress source);

    /**
     * Takes flows that are meant for other hosts and diverted to this one. Linux only.
     *
     * <p>TCP: those that a TPROXY rule sends to an address that the route listens on; {@link FlowInfo#local()} is where
     * they were meant to go. It needs the JVM flag and the capability that {@link SourceAddress#client()} does, and
     * start fails without.
     *
     * <p>UDP: those to the addresses that the route {@linkplain #listen(String, int) listens} on, each made local by
     * {@code ip route add local ADDRESS dev lo} or {@code ip -6 addr add ADDRESS/128 dev lo nodad}. The wildcard will
     * not do, since the JDK does not tell where a datagram was meant to go. It needs neither flag nor capability.
     *
     * @return this builder
     */
    B intercept();

    /**
     * Expects a PROXY header, of either version, from these peers, and resets all others (UDP: drops their datagrams).
     * The header is required: it comes before all else, for UDP in each datagram, and whom it names is the
     * {@linkplain FlowInfo#client() client} from then on, for {@link #allow} and {@link #deny}, limits, selection and
     * events. One that names nobody (UNKNOWN, LOCAL, or a family that has no IP addresses) leaves the peer the client.
     * It may have up to 16,384 bytes; a checksum in it is checked, and a header for the other transport is none. A peer
     * that ends its stream without a byte, as probes do, is closed in good order.
     *
     * @param trusted the proxies in front, in place of those set before; at least one, since whoever may send a header
     *     can be any client
     * @return this builder
     * @throws IllegalArgumentException if none is named
     */
    B expectProxyProtocol(Cidr... trusted);

    /**
     * Puts faults to work from the start, before the first flow; see {@link RouteFaults}.
     *
     * @param rules in their order, in place of those set before; none, the default: no faults. When a running route is
     *     replaced, those that it was under and is to be under again stay as they are
     * @return this builder
     * @throws IllegalArgumentException if a fault is not one for the route's kind or the rule's direction
     */
    B faults(FaultRule... rules);

    /**
     * Finishes the route: flows go to these, in turn, in a group named like the route.
     *
     * @param hostPort the first upstream, as {@link Upstream#of} reads it
     * @param more the others
     * @return the route
     * @throws IllegalArgumentException if anything about the route is wrong
     */
    R to(String hostPort, String... more);

    /**
     * Finishes the route: flows go to these, in turn, in a group named like the route.
     *
     * @param first the first upstream
     * @param more the others
     * @return the route
     * @throws IllegalArgumentException if anything about the route is wrong
     */
    R to(Upstream first, Upstream... more);

    /**
     * Finishes the route: flows go to this group. {@code to(route.upstreams())} keeps those of a route being changed.
     *
     * @param group with its own selector; one without a name gets the route's
     * @return the route
     * @throws IllegalArgumentException if anything about the route is wrong
     */
    R to(Upstreams group);

    /**
     * Finishes a TCP route that {@linkplain #intercept() intercepts}: flows go where they were meant to go. One that
     * was not diverted, being meant for this very route, is refused ({@link CloseReason#NO_UPSTREAM}).
     *
     * @return the route
     * @throws IllegalArgumentException if the route does not intercept, is for UDP, or anything else about it is wrong
     */
    R toOriginalDestination();
}
