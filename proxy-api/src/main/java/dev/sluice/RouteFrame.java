package dev.sluice;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** The settings that both kinds of route have. */
record RouteFrame(
        String name,
        List<InetSocketAddress> listen,
        Upstreams upstreams,
        Duration idleTimeout,
        List<Cidr> allow,
        List<Cidr> deny) {

    /** The route as a sentence. */
    String sentence(Transport transport) {
        return transport + " route " + Quoted.of(name) + " on "
                + listen.stream().map(HostPort::text).toList() + " to " + upstreams;
    }
}
