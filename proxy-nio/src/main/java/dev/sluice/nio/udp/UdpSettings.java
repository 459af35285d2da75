package dev.sluice.nio.udp;

import dev.sluice.UdpRoute;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Names;

/**
 * How the datagrams of a UDP route are relayed, and where to.
 *
 * <p>Thread: any.
 *
 * @param idleTimeout nanoseconds, zero is off
 * @param requests datagrams from the client that a session takes, zero for no limit
 * @param responses answers awaited for each of them, negative for no limit
 * @param receiveBuffer what is asked for the socket of a session, in bytes
 */
public record UdpSettings(
        Group group, Names names, long idleTimeout, int maxDatagram, int requests, int responses, int receiveBuffer) {
    public static UdpSettings of(UdpRoute route, Group group, Names names) {
        return new UdpSettings(
                group,
                names,
                route.idleTimeout().toNanos(),
                route.maxDatagram(),
                route.requests(),
                route.responses(),
                route.receiveBuffer());
    }
}
