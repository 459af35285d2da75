package dev.sluice.nio.route;

import dev.sluice.FlowInfo;
import dev.sluice.Transport;
import dev.sluice.nio.socket.AddressText;
import java.net.InetSocketAddress;

/**
 * Who talks to whom: what a selector and a listener are told of a flow. Holds nothing of the flow itself, so that it
 * may be kept.
 *
 * <p>Thread: any.
 */
public record Parties(String route, Transport transport, InetSocketAddress client, InetSocketAddress local)
        implements FlowInfo {
    /** Without a header in front, the client is the peer. */
    @Override
    public InetSocketAddress peer() {
        return client;
    }

    @Override
    public String toString() {
        return transport + " " + route + " " + AddressText.of(client) + " -> " + AddressText.of(local);
    }
}
