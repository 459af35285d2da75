package dev.sluice;

import java.time.Duration;

/** Gathers and checks a UDP route. */
final class UdpRouteBuilder implements UdpRoute.Builder {
    private static final int LONGEST_DATAGRAM = 65_507;

    private final RouteDraft draft;
    private int maxSessions = 16_384;
    private int maxSessionsPerClient;
    private int maxDatagram = LONGEST_DATAGRAM;
    private int requests;
    private int responses = -1;
    private int receiveBuffer = 4 << 20;
    private boolean repeatsProxyProtocol;

    UdpRouteBuilder(String name) {
        draft = new RouteDraft(name, Duration.ofSeconds(60));
    }

    UdpRouteBuilder(UdpRoute route) {
        draft = new RouteDraft(route);
        maxSessions = route.maxSessions();
        maxSessionsPerClient = route.maxSessionsPerClient();
        maxDatagram = route.maxDatagram();
        requests = route.requests();
        responses = route.responses();
        receiveBuffer = route.receiveBuffer();
        repeatsProxyProtocol = route.repeatsProxyProtocol();
    }

    @Override
    public UdpRoute.Builder listen(int port) {
        draft.listen(port);
        return this;
    }

    @Override
    public UdpRoute.Builder listen(String host, int port) {
        draft.listen(host, port);
        return this;
    }

    @Override
    public UdpRoute.Builder idleTimeout(Duration d) {
        draft.idleTimeout(d);
        return this;
    }

    @Override
    public UdpRoute.Builder maxSessions(int n) {
        maxSessions = draft.check().atLeast("maxSessions", n, 1, "");
        return this;
    }

    @Override
    public UdpRoute.Builder maxSessionsPerClient(int n) {
        maxSessionsPerClient = draft.check().atLeast("maxSessionsPerClient", n, 0, ", where 0 is no limit");
        return this;
    }

    @Override
    public UdpRoute.Builder maxDatagram(int bytes) {
        if (bytes < 1 || bytes > LONGEST_DATAGRAM) {
            throw draft.check()
                    .wrong("maxDatagram " + bytes + " is out of range; use 1 to " + LONGEST_DATAGRAM + " bytes");
        }
        maxDatagram = bytes;
        return this;
    }

    @Override
    public UdpRoute.Builder requests(int n) {
        requests = draft.check().atLeast("requests", n, 0, ", where 0 is no limit");
        return this;
    }

    @Override
    public UdpRoute.Builder responses(int n) {
        responses = draft.check().atLeast("responses", n, -1, ", where 0 awaits none and -1 is no limit");
        return this;
    }

    @Override
    public UdpRoute.Builder receiveBuffer(int bytes) {
        receiveBuffer = draft.check().atLeast("receiveBuffer", bytes, 1, " bytes");
        return this;
    }

    @Override
    public UdpRoute.Builder allow(Cidr... clients) {
        draft.allow(clients);
        return this;
    }

    @Override
    public UdpRoute.Builder deny(Cidr... clients) {
        draft.deny(clients);
        return this;
    }

    @Override
    public UdpRoute.Builder source(SourceAddress source) {
        draft.source(source);
        return this;
    }

    @Override
    public UdpRoute.Builder intercept() {
        draft.intercept();
        return this;
    }

    @Override
    public UdpRoute.Builder expectProxyProtocol(Cidr... trusted) {
        draft.expectProxyProtocol(trusted);
        return this;
    }

    @Override
    public UdpRoute.Builder sendProxyProtocol(boolean everyDatagram, Tlv... added) {
        draft.sendProxyProtocol(ProxyProtocol.V2, added);
        repeatsProxyProtocol = everyDatagram;
        return this;
    }

    @Override
    public UdpRoute.Builder faults(FaultRule... rules) {
        draft.faults(Transport.UDP, rules);
        return this;
    }

    @Override
    public UdpRoute to(String hostPort, String... more) {
        return to(draft.group(hostPort, more));
    }

    @Override
    public UdpRoute to(Upstream first, Upstream... more) {
        return to(draft.group(first, more));
    }

    @Override
    public UdpRoute to(Upstreams group) {
        draft.refuseOtherInterception(group);
        return new UdpRouteDefinition(
                draft.finish(group),
                maxSessions,
                maxSessionsPerClient,
                maxDatagram,
                requests,
                responses,
                receiveBuffer,
                repeatsProxyProtocol);
    }

    @Override
    public UdpRoute toOriginalDestination() {
        throw draft.originalIsForTcp();
    }
}
