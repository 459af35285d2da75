package dev.sluice.nio;

import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.socket.AddressText;
import dev.sluice.nio.socket.LocalAddresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a server itself listens on: among upstreams, where it would relay to itself without end, and where another
 * of its routes is to listen.
 *
 * <p>Thread: start.
 */
final class OwnAddresses {
    private OwnAddresses() {}

    /** Refuses upstreams that any of these routes would dial where one of them listens. */
    static void refuse(Collection<LiveRoute> all) {
        for (LiveRoute route : all) {
            refuse(route.definition(), route.group().group().upstreams(), all);
        }
    }

    /** The same for what a route is about to become, against all others, both ways. */
    static void refuse(
            LiveRoute live, Route next, List<Upstream> upstreams, List<Binding> bindings, Collection<LiveRoute> all) {
        refuse(next.name(), upstreams, next.name(), bindings);
        for (LiveRoute other : all) {
            if (other != live && other.definition().transport() == next.transport()) {
                refuse(next.name(), upstreams, other.name(), other.bindings());
                refuse(other.name(), other.group().group().upstreams(), next.name(), bindings);
            }
        }
    }

    /** Refuses upstreams that a route would dial where one of these listens. */
    static void refuse(Route dialling, Collection<Upstream> upstreams, Collection<LiveRoute> routes) {
        for (LiveRoute route : routes) {
            if (route.definition().transport() == dialling.transport()) {
                refuse(dialling.name(), upstreams, route.name(), route.bindings());
            }
        }
    }

    /** Refuses upstreams that one route would dial where another, or the same, listens or is about to. */
    static void refuse(String dialling, Collection<Upstream> upstreams, String listening, List<Binding> bindings) {
        for (Upstream upstream : upstreams) {
            for (Listener listener : LiveRoute.listeners(bindings)) {
                InetSocketAddress own = listener.address();
                if (own.getPort() == upstream.port() && isHere(upstream.address(), own)) {
                    String who = listening.equals(dialling)
                            ? "the route itself listens"
                            : "route \"" + listening + "\" listens";
                    throw new IllegalArgumentException("route \"" + dialling + "\": upstream "
                            + AddressText.of(upstream.address()) + " is where " + who + ", on " + AddressText.of(own)
                            + "; name the host behind the proxy instead");
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
            return covers(own, dialled) && LocalAddresses.contains(dialled);
        }
        return dialled.equals(own);
    }

    /** The one of these routes that keeps another from listening there, and its address, in words. */
    static Optional<String> holder(Route wanting, InetSocketAddress wanted, Collection<LiveRoute> routes) {
        for (LiveRoute route : routes) {
            for (Listener listener : route.listeners()) {
                if (route.definition().transport() == wanting.transport() && collide(listener.address(), wanted)) {
                    String who = route.name().equals(wanting.name())
                            ? "the route itself"
                            : "route \"" + route.name() + "\" of this server";
                    return Optional.of(who + ", on " + AddressText.of(listener.address()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean collide(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort()
                && !other.isUnresolved()
                && (one.getAddress().equals(other.getAddress())
                        || covers(one.getAddress(), other.getAddress())
                        || covers(other.getAddress(), one.getAddress()));
    }

    /** The IPv6 wildcard stands for the addresses of both families. */
    private static boolean covers(InetAddress wildcard, InetAddress address) {
        return wildcard.isAnyLocalAddress() && (wildcard instanceof Inet6Address || address instanceof Inet4Address);
    }
}
