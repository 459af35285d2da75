package dev.sluice.nio.testkit;

import dev.sluice.Flow;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.UdpRoute;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * The part of a test bed that speaks UDP. A session does not end with its client, so those that are left when a test is
 * over are ended here before the invariants are checked.
 *
 * @param bed the test bed that closes what is opened
 */
public record Udp(Testbed bed) {

    public StartedProxy start(Route... routes) {
        return start(builder -> builder, routes);
    }

    public StartedProxy start(UnaryOperator<ProxyServer.Builder> settings, Route... routes) {
        return endingSessions(bed.start(settings, routes));
    }

    /** Has the sessions that are left when the test is over end. */
    public StartedProxy endingSessions(StartedProxy proxy) {
        bed.own((AutoCloseable) () -> endSessions(proxy));
        return proxy;
    }

    /** Ends the live sessions of all routes. */
    public static void endSessions(StartedProxy proxy) {
        for (RunningRoute route : proxy.server().routes()) {
            route.flows().forEach(Flow::reset);
        }
    }

    /** A route on IPv4 loopback and a free port. */
    public static UdpRoute.Builder route() {
        return route("dns");
    }

    public static UdpRoute.Builder route(String name) {
        return Route.udp(name).listen(Family.IPV4.host(), 0);
    }

    /** A client or an upstream that the test moves itself. */
    public UdpPeer peer() throws IOException {
        return peer(Family.IPV4);
    }

    public UdpPeer peer(Family family) throws IOException {
        return bed.own(UdpPeer.open(family));
    }

    /** An upstream that echoes. */
    public UdpServer echo() throws IOException {
        return echo(Family.IPV4);
    }

    public UdpServer echo(Family family) throws IOException {
        return bed.own(UdpServer.echo(family));
    }

    /** An upstream that echoes with its name in front. */
    public UdpServer named(String name) throws IOException {
        return bed.own(UdpServer.named(name, Family.IPV4.socketAddress(0)));
    }
}
