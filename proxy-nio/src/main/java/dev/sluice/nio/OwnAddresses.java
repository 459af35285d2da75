package dev.sluice.nio;

import dev.sluice.Transport;
import dev.sluice.Upstream;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.socket.LocalAddresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;

/**
 * Finds upstreams that are a listener of the server itself, which would relay to itself without end.
 *
 * <p>Thread: start.
 */
final class OwnAddresses {
    private OwnAddresses() {}

    /** Refuses upstreams of a route's transport where one of these routes listens. */
    static void refuse(Transport transport, Collection<Upstream> upstreams, Collection<LiveRoute> routes) {
        for (LiveRoute route : routes) {
            if (route.definition().transport() == transport) {
                refuse(upstreams, route.name(), route.bindings());
            }
        }
    }

    /** Refuses upstreams where a route listens, or is about to. */
    static void refuse(Collection<Upstream> upstreams, String route, List<Binding> bindings) {
        for (Upstream upstream : upstreams) {
            for (Listener listener : LiveRoute.listeners(bindings)) {
                InetSocketAddress own = listener.address();
                if (own.getPort() == upstream.port() && isHere(upstream.address(), own)) {
                    throw new IllegalArgumentException("upstream " + upstream.host() + ":" + upstream.port()
                            + " is where route \"" + route + "\" itself listens (" + own
                            + "); name the server behind the proxy instead");
                }
            }
        }
    }

    /** Without a look-up: what other names mean is not known before they are dialled. */
    private static boolean isHere(InetSocketAddress upstream, InetSocketAddress listening) {
        InetAddress own = listening.getAddress();
        if (upstream.isUnresolved()) {
            boolean local = upstream.getHostString().equalsIgnoreCase("localhost");
            return local && (own.isAnyLocalAddress() || own.isLoopbackAddress());
        }
        InetAddress dialled = upstream.getAddress();
        if (own.isAnyLocalAddress()) {
            boolean covered = own instanceof Inet6Address || dialled instanceof Inet4Address;
            return covered && LocalAddresses.contains(dialled);
        }
        return dialled.equals(own);
    }
}
