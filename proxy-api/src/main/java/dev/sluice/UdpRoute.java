package dev.sluice;

/**
 * A route for UDP datagrams. Made by {@link Route#udp(String)}. The datagrams of one client address and port form a
 * session, which keeps its upstream and has a socket of its own towards it.
 */
public non-sealed interface UdpRoute extends Route {

    /** {@return a builder with everything set as it is here, to change and give to {@link ProxyServer#replace}} */
    @Override
    Builder toBuilder();

    /** {@return how many sessions the route keeps at once, 1 or more} */
    int maxSessions();

    /** {@return how many sessions one client address may have at once; 0 means without limit} */
    int maxSessionsPerClient();

    /** {@return the longest datagram relayed, in bytes of payload, 1 to 65507} */
    int maxDatagram();

    /**
     * {@return how many datagrams of a client a session takes before the next one opens a new session; 0 means no
     * limit}
     */
    int requests();

    /** {@return how many answers are awaited for each request; 0 means none, -1 means no limit} */
    int responses();

    /** {@return the receive buffer that the kernel is asked for, in bytes, for each listening socket} */
    int receiveBuffer();

    /** {@return whether each datagram has the PROXY header that is sent, rather than a session's first alone} */
    boolean repeatsProxyProtocol();

    /** The sentence that makes a UDP route. */
    interface Builder extends RouteBuilder<Builder, UdpRoute> {

        /**
         * Bounds the sessions that the route keeps at once; a datagram that would open one more is dropped and counted.
         *
         * @param n 1 or more. Default 16,384
         * @return this builder
         * @throws IllegalArgumentException if below 1
         */
        Builder maxSessions(int n);

        /**
         * Bounds the sessions that one client address, whatever its ports, has at once; a datagram that would open one
         * more is dropped and counted. Where a route that had no such limit is replaced by one that has, sessions from
         * before do not count.
         *
         * @param n 1 or more; 0, the default: no limit
         * @return this builder
         * @throws IllegalArgumentException if negative
         */
        Builder maxSessionsPerClient(int n);

        /**
         * Sets the longest datagram to relay, either way. A longer one is dropped and counted, never cut.
         *
         * @param bytes of payload, 1 to 65507. Default 65,507, the longest there is over IPv4
         * @return this builder
         * @throws IllegalArgumentException if out of range
         */
        Builder maxDatagram(int bytes);

        /**
         * Sets how many datagrams of a client a session takes. The next one opens a new session, maybe to another
         * upstream, while the old one still awaits its answers.
         *
         * @param n 1 or more; 0, the default: no limit
         * @return this builder
         * @throws IllegalArgumentException if negative
         */
        Builder requests(int n);

        /**
         * Sets how many answers each request is expected to have; the session ends with the last one awaited.
         *
         * @param n 1 or more, such as 1 for DNS; 0: none is awaited, as for syslog; -1, the default: no limit, the
         *     session ends by idleness
         * @return this builder
         * @throws IllegalArgumentException if below -1
         */
        Builder responses(int n);

        /**
         * Sends upstreams a PROXY header, {@link ProxyProtocol#V2}, before the payload of a datagram, with the
         * addresses of {@link FlowInfo#client()} and {@link FlowInfo#local()}. It takes 28 bytes for IPv4, 52 for IPv6,
         * and what is added; a datagram that is too long with it is dropped and counted. It counts as no byte of the
         * flow.
         *
         * @param everyDatagram whether each datagram has it, as another relay of this kind
         *     {@linkplain #expectProxyProtocol expects}, or the first of a session alone
         * @param added what to add to it, in this order, of up to 16,000 bytes in all
         * @return this builder
         * @throws IllegalArgumentException if too much is added
         */
        Builder sendProxyProtocol(boolean everyDatagram, Tlv... added);

        /**
         * Sets the receive buffer to ask the kernel for, for the listening sockets and for each session's. What it
         * grants the former is in {@link RouteMetrics#receiveBuffer()}; on Linux {@code net.core.rmem_max} bounds it.
         *
         * @param bytes 1 or more. Default 4 MiB
         * @return this builder
         * @throws IllegalArgumentException if below 1
         */
        Builder receiveBuffer(int bytes);
    }
}
