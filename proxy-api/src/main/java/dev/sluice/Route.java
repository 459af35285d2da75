package dev.sluice;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where to listen and where flows go. Immutable, validated when it was made, usable in any number of servers. Read as a
 * sentence: {@code Route.tcp("web").listen(8080).to("10.0.0.5:80")}.
 */
public sealed interface Route permits TcpRoute, UdpRoute {

    /**
     * Begins a TCP route.
     *
     * @param name what the server, events and logs call it: not empty, without whitespace and control characters
     * @return a builder at its defaults, for one thread
     * @throws IllegalArgumentException if the name is not one
     */
    static TcpRoute.Builder tcp(String name) {
        return new TcpRouteBuilder(name);
    }

    /**
     * Begins a UDP route.
     *
     * @param name what the server, events and logs call it: not empty, without whitespace and control characters
     * @return a builder at its defaults, for one thread
     * @throws IllegalArgumentException if the name is not one
     */
    static UdpRoute.Builder udp(String name) {
        return new UdpRouteBuilder(name);
    }

    /** {@return the route's name} */
    String name();

    /** {@return what it relays} */
    Transport transport();

    /**
     * {@return the addresses to listen on, as asked for: at least one; a wildcard stands for every local address, an
     * unresolved one for a host given by name, port 0 for any free port}
     */
    List<InetSocketAddress> listen();

    /** {@return where flows go; always with a name, that of the route if it was given none} */
    Upstreams upstreams();

    /** {@return how long nothing may move in either direction before the flow is ended; zero means for ever} */
    Duration idleTimeout();

    /** {@return the clients that the route is for; empty means all} */
    List<Cidr> allow();

    /** {@return the clients that the route is not for, whatever {@link #allow} says} */
    List<Cidr> deny();

    /** {@return the address that upstreams see} */
    SourceAddress source();

    /** {@return whether the route takes flows that are meant for other hosts} */
    boolean isIntercepting();

    /** {@return the peers that must begin with a PROXY header; empty where no header is expected} */
    List<Cidr> trustedPeers();

    /** {@return the version of the PROXY header that upstreams are sent; null for none; never V1 for UDP} */
    @Nullable
    ProxyProtocol sentProxyProtocol();

    /** {@return what is added to the PROXY headers that upstreams are sent, in this order} */
    List<Tlv> addedTlvs();

    /** {@return the faults that the route is under from its start, in their order} */
    List<FaultRule> faults();

    /**
     * {@return a builder with everything set as it is here, to change and give to {@link ProxyServer#replace}; for what
     * only one kind of route has, that of {@link TcpRoute} or {@link UdpRoute}}
     */
    RouteBuilder<?, ?> toBuilder();
}
