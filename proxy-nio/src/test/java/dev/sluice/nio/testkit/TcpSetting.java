package dev.sluice.nio.testkit;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import java.util.stream.Stream;

/** One cell of the matrix over which the TCP contract is checked. */
public record TcpSetting(Family listen, Family upstream, int workers) {

    /** Each family on each side, and one worker as well as two; only what this host has. */
    public static Stream<TcpSetting> matrix() {
        return Stream.of(
                        new TcpSetting(Family.IPV4, Family.IPV4, 1),
                        new TcpSetting(Family.IPV4, Family.IPV6, 2),
                        new TcpSetting(Family.IPV6, Family.IPV4, 1),
                        new TcpSetting(Family.IPV6, Family.IPV6, 2))
                .filter(setting -> setting.listen.isAvailable() && setting.upstream.isAvailable());
    }

    /** The beginning of a route. */
    public TcpRoute.Builder route() {
        return Route.tcp("tcp").listen(listen.host(), 0);
    }

    public ProxyServer.Builder apply(ProxyServer.Builder server) {
        return server.workers(workers);
    }

    @Override
    public String toString() {
        return listen + " to " + upstream + ", workers: " + workers;
    }
}
