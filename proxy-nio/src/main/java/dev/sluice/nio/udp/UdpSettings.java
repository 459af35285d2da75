package dev.sluice.nio.udp;

import dev.sluice.UdpRoute;
import dev.sluice.nio.header.HeaderSettings;
import dev.sluice.nio.header.ProxyHeader;
import dev.sluice.nio.socket.Source;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Names;

/**
 * How the datagrams of a UDP route are relayed, and where to.
 *
 * <p>Thread: any.
 *
 * @param repeatsHeader whether each datagram has the header that is sent, or the first of a session alone
 * @param idleTimeout nanoseconds, zero is off
 * @param requests datagrams from the client that a session takes, zero for no limit
 * @param responses answers awaited for each of them, negative for no limit
 * @param receiveBuffer what is asked for the socket of a session, in bytes
 */
public record UdpSettings(
        Group group,
        Names names,
        Source source,
        HeaderSettings headers,
        boolean repeatsHeader,
        long idleTimeout,
        int maxDatagram,
        int requests,
        int responses,
        int receiveBuffer) {
    /** The longest payload there is over IPv4. */
    static final int LONGEST_DATAGRAM = 65_507;

    private static final int LONGEST_OF_IPV6 = 65_527;

    /** @param source what gives sockets towards upstreams their address; null for the host's own choice */
    public static UdpSettings of(UdpRoute route, Group group, Names names, Source source) {
        return new UdpSettings(
                group,
                names,
                source,
                HeaderSettings.of(route),
                route.repeatsProxyProtocol(),
                route.idleTimeout().toNanos(),
                route.maxDatagram(),
                route.requests(),
                route.responses(),
                route.receiveBuffer());
    }

    /** Bytes in front of a datagram that is received, for the header that is sent before it. */
    int headroom() {
        return headers.isSent() ? headers.writer().longest() : 0;
    }

    /** Bytes that a datagram is received in: one more than it may have, so that a longer one is told. */
    int room() {
        int most = maxDatagram + (headers.isExpected() ? ProxyHeader.LONGEST : 0);
        return Math.min(most, LONGEST_OF_IPV6) + 1;
    }
}
