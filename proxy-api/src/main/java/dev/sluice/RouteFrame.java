package dev.sluice;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings that both kinds of route have. */
record RouteFrame(
        String name,
        List<InetSocketAddress> listen,
        Upstreams upstreams,
        Duration idleTimeout,
        List<Cidr> allow,
        List<Cidr> deny,
        SourceAddress source,
        boolean isIntercepting,
        Headers headers,
        List<FaultRule> faults) {

    /** Who must send a PROXY header, and which one is sent, with what is added to it. */
    record Headers(List<Cidr> trusted, @Nullable ProxyProtocol sent, List<Tlv> added) {}

    /** The route as a sentence. */
    String sentence(Transport transport) {
        return transport + " route " + Quoted.of(name) + " on "
                + listen.stream().map(HostPort::text).toList() + " to " + upstreams;
    }
}
