package dev.sluice.nio;

import dev.sluice.Transport;
import dev.sluice.Upstream;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.socket.LocalAddresses;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Optional;

/**
 * Finds upstreams that are a listener of the server itself, which would relay to itself without end.
 *
 * <p>Thread: start.
 */
final class OwnAddresses {
    private OwnAddresses() {}

    /** Refuses upstreams of a route's transport that this route listens on. */
    static void refuse(Transport transport, Collection<Upstream> upstreams, Collection<LiveRoute> routes) {
        for (LiveRoute route : routes) {
            if (route.definition().transport() == transport) {
                for (Upstream upstream : upstreams) {
                    refuse(upstream, route);
                }
            }
        }
    }

    private static void refuse(Upstream upstream, LiveRoute route) {
        Optional<InetSocketAddress> own = route.bindings().stream()
                .flatMap(binding -> binding.listeners().stream())
                .map(Listener::address)
                .filter(address -> address.getPort() == upstream.port() && isHere(upstream.address(), address))
                .findFirst();
        if (own.isPresent()) {
            throw new IllegalArgumentException(
                    "upstream " + upstream.host() + ":" + upstream.port() + " is where route \""
                            + route.name() + "\" itself listens (" + own.get()
                            + "); name the server behind the proxy instead");
        }
    }

    /** Without a look-up: what other names mean is not known before they are dialled. */
    private static boolean isHere(InetSocketAddress upstream, InetSocketAddress listening) {
        boolean wildcard = listening.getAddress().isAnyLocalAddress();
        if (upstream.isUnresolved()) {
            boolean local = upstream.getHostString().equalsIgnoreCase("localhost");
            return local && (wildcard || listening.getAddress().isLoopbackAddress());
        }
        return upstream.getAddress().equals(listening.getAddress())
                || wildcard && LocalAddresses.contains(upstream.getAddress());
    }
}
