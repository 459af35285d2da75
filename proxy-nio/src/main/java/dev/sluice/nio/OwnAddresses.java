package dev.sluice.nio;

import dev.sluice.Transport;
import dev.sluice.Upstream;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.socket.LocalAddresses;
import dev.sluice.nio.upstream.Literal;
import java.net.InetAddress;
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
                .filter(address -> address.getPort() == upstream.port() && isHere(upstream.host(), address))
                .findFirst();
        if (own.isPresent()) {
            throw new IllegalArgumentException(
                    "upstream " + upstream.host() + ":" + upstream.port() + " is where route \""
                            + route.name() + "\" itself listens (" + own.get()
                            + "); name the server behind the proxy instead");
        }
    }

    /** Without a look-up: what other names mean is not known before they are dialled. */
    private static boolean isHere(String host, InetSocketAddress listening) {
        if (host.equalsIgnoreCase("localhost")) {
            return listening.getAddress().isAnyLocalAddress()
                    || listening.getAddress().isLoopbackAddress();
        }
        InetAddress address = Literal.address(host);
        return address != null
                && (address.equals(listening.getAddress())
                        || listening.getAddress().isAnyLocalAddress() && LocalAddresses.contains(address));
    }
}
