package dev.sluice;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A route for TCP connections. Made by {@link Route#tcp(String)}. */
public non-sealed interface TcpRoute extends Route {

    /** {@return a builder with everything set as it is here, to change and give to {@link ProxyServer#replace}} */
    @Override
    Builder toBuilder();

    /** {@return the time for one attempt to connect to an upstream; zero means without limit of its own} */
    Duration connectTimeout();

    /** {@return how many different upstreams are tried for one connection, 1 or more} */
    int connectAttempts();

    /**
     * {@return the time for all attempts together, from the accept on or, where a PROXY header is expected, from that;
     * zero means without limit}
     */
    Duration connectDeadline();

    /** {@return how long a connection may take, from the accept on, to send its whole PROXY header; zero: for ever} */
    Duration prefaceTimeout();

    /** {@return how long a connection with one direction ended may make no progress; zero means for ever} */
    Duration halfClosedTimeout();

    /** {@return how long a connection may last, before jitter; zero means for ever} */
    Duration maxDuration();

    /** {@return the largest part of {@link #maxDuration()} that is added at random to each connection's, 0 to 1} */
    double maxDurationJitter();

    /**
     * {@return how many connections the route relays at once; 0 means the lesser of 65,536 and
     * {@code (open-file limit - 512) / 2}}
     */
    int maxConnections();

    /** {@return how many connections one client address may have at once; 0 means without limit} */
    int maxConnectionsPerClient();

    /** {@return how many connections are accepted a second; 0 means without limit} */
    int acceptRate();

    /** {@return how many connections the kernel is asked to hold until they are accepted, for each listening socket} */
    int backlog();

    /** {@return the idle time before the first keepalive probe; zero means no probes} */
    Duration keepAlive();

    /** {@return whether small writes are sent at once (TCP_NODELAY)} */
    boolean noDelay();

    /** The sentence that makes a TCP route. */
    interface Builder extends RouteBuilder<Builder, TcpRoute> {

        /**
         * Bounds each single attempt to connect to an upstream.
         *
         * @param attempt up to 36,500 days and up to the time for all attempts; zero: no bound but that one. Default 5
         *     seconds, or the time for all attempts where that is less
         * @return this builder
         * @throws IllegalArgumentException if negative or too long
         */
        Builder connectTimeout(Duration attempt);

        /**
         * Bounds all attempts of one connection together. An upstream is never tried twice for the same connection.
         *
         * @param upstreams how many upstreams to try at most, 1 or more. Default 3
         * @param all up to 36,500 days, from the accept on or, where a PROXY header is expected, from that; zero: no
         *     bound. Default 10 seconds
         * @return this builder
         * @throws IllegalArgumentException if {@code upstreams} is below 1, or {@code all} negative or too long
         */
        Builder connectAttempts(int upstreams, Duration all);

        /**
         * Resets a connection whose PROXY header is not there after this time, counted from the accept on, whatever
         * has been sent of it. It matters where {@link #expectProxyProtocol} does.
         *
         * @param fromAccept up to 36,500 days; zero: never. Default 5 seconds
         * @return this builder
         * @throws IllegalArgumentException if negative or too long
         */
        Builder prefaceTimeout(Duration fromAccept);

        /**
         * Sends each upstream a PROXY header before the connection's first byte, with the addresses of
         * {@link FlowInfo#client()} and {@link FlowInfo#local()}. It is a new one: what an inbound header had added is
         * not passed on. It counts as no byte of the flow. Checks of upstreams send none.
         *
         * @param version the version, or null, the default, to send none
         * @param added what to add to it, in this order, of up to 16,000 bytes in all; {@link ProxyProtocol#V2} only
         * @return this builder
         * @throws IllegalArgumentException if something is added to V1, or too much
         */
        Builder sendProxyProtocol(@Nullable ProxyProtocol version, Tlv... added);

        /**
         * Resets a connection that has one direction ended and whose other direction has made no progress for so long.
         *
         * @param d up to 36,500 days; zero: never. Default 60 seconds
         * @return this builder
         * @throws IllegalArgumentException if negative or too long
         */
        Builder halfClosedTimeout(Duration d);

        /**
         * Resets a connection that has lasted so long, busy or not. Jitter only lengthens: each connection gets between
         * {@code d} and {@code d * (1 + jitter)}, so that those opened together do not end together.
         *
         * @param d up to 36,500 days; zero: never, the default
         * @param jitter 0 to 1. Default 0
         * @return this builder
         * @throws IllegalArgumentException if {@code d} is negative or too long, or {@code jitter} out of range
         */
        Builder maxDuration(Duration d, double jitter);

        /**
         * Bounds the connections that the route relays at once; one more is reset at once and counted.
         *
         * @param n 1 or more; 0, the default: the lesser of 65,536 and {@code (open-file limit - 512) / 2}
         * @return this builder
         * @throws IllegalArgumentException if negative
         */
        Builder maxConnections(int n);

        /**
         * Bounds the connections that one client address, whatever its ports, has at once; one more is reset at once
         * and counted. Behind one address there may be many users. Where a route that had no such limit is replaced by
         * one that has, connections from before do not count.
         *
         * @param n 1 or more; 0, the default: no limit
         * @return this builder
         * @throws IllegalArgumentException if negative
         */
        Builder maxConnectionsPerClient(int n);

        /**
         * Bounds the connections that the route accepts a second, over all its addresses; up to a tenth of them at
         * once. Those beyond wait in the kernel's {@linkplain #backlog backlog}, which delays and does not reset them.
         *
         * @param perSecond 1 or more; 0, the default: no limit
         * @return this builder
         * @throws IllegalArgumentException if negative
         */
        Builder acceptRate(int perSecond);

        /**
         * Sets how many connections the kernel is asked to hold until they are accepted, for each listening socket. The
         * kernel may hold fewer; on Linux see {@code net.core.somaxconn}.
         *
         * @param n 1 or more. Default 4,096
         * @return this builder
         * @throws IllegalArgumentException if below 1
         */
        Builder backlog(int n);

        /**
         * Probes idle connections on both sides, so that a peer that has vanished is noticed.
         *
         * @param idle time before the first probe, 1 to 32,767 seconds, fractions dropped; zero, the default: no probes
         * @return this builder
         * @throws IllegalArgumentException if out of range
         */
        Builder keepAlive(Duration idle);

        /**
         * Sends small writes at once (TCP_NODELAY) on both sides instead of waiting for earlier ones to be
         * acknowledged.
         *
         * @param on default true
         * @return this builder
         */
        Builder noDelay(boolean on);
    }
}
