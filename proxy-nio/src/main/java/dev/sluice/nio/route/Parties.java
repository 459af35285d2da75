package dev.sluice.nio.route;

import dev.sluice.FlowInfo;
import dev.sluice.Tlv;
import dev.sluice.Transport;
import dev.sluice.nio.header.ProxyHeader;
import dev.sluice.nio.socket.AddressText;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Who talks to whom: what a selector and a listener are told of a flow. Holds nothing of the flow itself, so that it
 * may be kept.
 *
 * <p>Thread: any.
 */
public record Parties(
        String route,
        Transport transport,
        InetSocketAddress client,
        InetSocketAddress peer,
        InetSocketAddress local,
        List<Tlv> tlvs)
        implements FlowInfo {
    /** The two ends of a socket: without a header in front, the client is the peer. */
    public Parties(String route, Transport transport, InetSocketAddress peer, InetSocketAddress local) {
        this(route, transport, peer, peer, local, List.of());
    }

    /** The same flow as its header tells of it. */
    public Parties behind(ProxyHeader header) {
        return header.isNamed()
                ? new Parties(route, transport, header.source(), peer, header.destination(), header.tlvs())
                : new Parties(route, transport, peer, peer, local, header.tlvs());
    }

    @Override
    public String toString() {
        String via = client.equals(peer) ? "" : " by " + AddressText.of(peer);
        return transport + " " + route + " " + AddressText.of(client) + via + " -> " + AddressText.of(local);
    }
}
