package dev.sluice.nio;

import dev.sluice.NameResolver;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.Transport;
import dev.sluice.UdpRoute;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.socket.AddressText;
import dev.sluice.nio.socket.BeforeBind;
import dev.sluice.nio.socket.FullBacklog;
import dev.sluice.nio.socket.LocalAddresses;
import dev.sluice.nio.socket.Sockets;
import dev.sluice.nio.socket.Source;
import dev.sluice.nio.socket.Sources;
import dev.sluice.nio.tcp.TcpListener;
import dev.sluice.nio.tcp.TcpSettings;
import dev.sluice.nio.udp.SharedPort;
import dev.sluice.nio.udp.UdpListener;
import dev.sluice.nio.udp.UdpSettings;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds the listening sockets of a route: the one place that asks whether it is TCP or UDP.
 *
 * <p>Thread: start.
 */
final class Binder {
    private static final Logger LOG = LoggerFactory.getLogger(Binder.class);
    /** The port picked for the first of several addresses may be taken on the next: how often another is picked. */
    private static final int PORT_PICKS = 32;

    private final Sockets sockets;
    private final Sources sources;
    private final Names names;
    private final NameResolver resolver;

    Binder(Sockets sockets, Names names, NameResolver resolver) {
        this.sockets = sockets;
        this.sources = sockets.sources();
        this.names = names;
        this.resolver = resolver;
    }

    Names names() {
        return names;
    }

    /** Finds out whether this host and JVM have what the route asks for; throws with how to mend it if not. */
    void require(Route route) {
        source(route);
        beforeBind(route);
    }

    /** The same, and whether a running route can become it. */
    void requireReplacement(Route running, Route next) {
        String which = "route \"" + next.name() + "\"";
        if (running.transport() != next.transport()) {
            throw new IllegalArgumentException(which + " is " + running.transport() + " and cannot become "
                    + next.transport() + "; remove it and add the other");
        }
        if (running.isIntercepting() != next.isIntercepting()) {
            throw new IllegalArgumentException(which + " cannot begin or cease to intercept on a socket that it has;"
                    + " remove it and add the other");
        }
        require(next);
    }

    private Source source(Route route) {
        try {
            return sources.of(route.source());
        } catch (IOException missing) {
            throw new UncheckedIOException(
                    "route \"" + route.name() + "\": source " + route.source() + ": " + missing.getMessage(), missing);
        }
    }

    private BeforeBind beforeBind(Route route) {
        if (!route.isIntercepting() || route.transport() == Transport.UDP) {
            return (channel, address) -> {};
        }
        try {
            return sources.interception();
        } catch (IOException missing) {
            throw new UncheckedIOException(
                    "route \"" + route.name() + "\": intercept: " + missing.getMessage(), missing);
        }
    }

    /**
     * Binds one address for all lanes; on failure nothing is left bound. The listeners are not open yet.
     *
     * @param all the routes of the server, of which one may have the address already
     */
    Binding bind(Route route, InetSocketAddress asked, List<Lane> lanes, Group group, Collection<LiveRoute> all) {
        require(route);
        List<SelectableChannel> bound = new ArrayList<>();
        InetSocketAddress address = asked;
        try {
            address = resolved(asked);
            List<Listener> listeners = route instanceof TcpRoute tcp
                    ? bindStream(tcp, address, lanes, TcpSettings.of(tcp, group, names, source(tcp)), bound)
                    : bindDatagrams((UdpRoute) route, address, lanes, group, bound);
            return new Binding(asked, listeners);
        } catch (IOException | RuntimeException e) {
            bound.forEach(Binder::closeQuietly);
            IOException cause = e instanceof IOException io ? io : new IOException(e);
            Optional<String> holder = OwnAddresses.holder(route, address, all);
            throw new UncheckedIOException(
                    "route \"" + route.name() + "\": cannot listen on " + AddressText.of(asked) + ": "
                            + remedy(e, route, address, holder),
                    cause);
        }
    }

    /** What has a listener go on under new settings; what is under way keeps the old ones. */
    Consumer<Listener> configuration(Route route, Group group) {
        if (route instanceof TcpRoute tcp) {
            TcpSettings settings = TcpSettings.of(tcp, group, names, source(tcp));
            return listener -> ((TcpListener) listener).configure(settings);
        }
        UdpRoute udp = (UdpRoute) route;
        UdpSettings settings = UdpSettings.of(udp, group, names, source(udp));
        return listener -> ((UdpListener) listener).configure(settings);
    }

    private List<Listener> bindStream(
            TcpRoute route,
            InetSocketAddress address,
            List<Lane> lanes,
            TcpSettings settings,
            List<SelectableChannel> bound)
            throws IOException {
        List<Listener> listeners = new ArrayList<>();
        BeforeBind before = beforeBind(route);
        ServerSocketChannel first = sockets.listenStream(address, route.backlog(), before);
        bound.add(first);
        if (!sockets.sharesPorts()) {
            return List.of(new TcpListener(first, lanes, settings));
        }
        listeners.add(new TcpListener(first, lanes.subList(0, 1), settings));
        for (Lane lane : lanes.subList(1, lanes.size())) {
            ServerSocketChannel next = sockets.joinStream(listeners.get(0).address(), route.backlog(), before);
            bound.add(next);
            listeners.add(new TcpListener(next, List.of(lane), settings));
        }
        return listeners;
    }

    private List<Listener> bindDatagrams(
            UdpRoute route, InetSocketAddress address, List<Lane> lanes, Group group, List<SelectableChannel> bound)
            throws IOException {
        UdpSettings settings = UdpSettings.of(route, group, names, source(route));
        if (!address.getAddress().isAnyLocalAddress()) {
            return bindDatagram(route, address, lanes, settings, bound);
        }
        List<InetAddress> local = LocalAddresses.like(address.getAddress());
        for (int pick = 1; ; pick++) {
            try {
                List<Listener> listeners = new ArrayList<>();
                int port = address.getPort();
                for (InetAddress each : local) {
                    listeners.addAll(bindDatagram(route, new InetSocketAddress(each, port), lanes, settings, bound));
                    port = listeners.get(0).address().getPort();
                }
                LOG.info(
                        "Route \"{}\": answers leave from the address asked, so each is bound by itself: {}",
                        route.name(),
                        listeners.stream()
                                .map(listener -> AddressText.of(listener.address()))
                                .distinct()
                                .toList());
                return listeners;
            } catch (BindException taken) {
                if (address.getPort() != 0 || pick == PORT_PICKS) {
                    throw taken;
                }
                bound.forEach(Binder::closeQuietly);
                bound.clear();
            }
        }
    }

    private List<Listener> bindDatagram(
            UdpRoute route,
            InetSocketAddress address,
            List<Lane> lanes,
            UdpSettings settings,
            List<SelectableChannel> bound)
            throws IOException {
        List<Listener> listeners = new ArrayList<>();
        SharedPort port = new SharedPort();
        DatagramChannel first = sockets.listenDatagram(address, route.receiveBuffer());
        bound.add(first);
        listeners.add(port.listener(first, lanes.get(0), settings));
        if (sockets.sharesPorts()) {
            for (Lane lane : lanes.subList(1, lanes.size())) {
                DatagramChannel next = sockets.joinDatagram(listeners.get(0).address(), route.receiveBuffer());
                bound.add(next);
                listeners.add(port.listener(next, lane, settings));
            }
        }
        return listeners;
    }

    private InetSocketAddress resolved(InetSocketAddress asked) throws IOException {
        if (!asked.isUnresolved()) {
            return asked;
        }
        List<InetAddress> found = resolver.resolve(asked.getHostString());
        if (found.isEmpty()) {
            throw new IOException("the name has no address");
        }
        return new InetSocketAddress(found.get(0), asked.getPort());
    }

    private static String remedy(Exception e, Route route, InetSocketAddress address, Optional<String> holder) {
        String what = String.valueOf(e.getMessage());
        if (what.contains("in use")) {
            return holder.map(own -> what + " by " + own + "; listen on another port (0 picks a free one)")
                    .orElse(what + "; stop what listens there, or listen on another port (0 picks a free one)");
        }
        if (what.contains("Permission denied")) {
            return what + "; ports below 1024 need privilege, others do not";
        }
        if (what.contains("Cannot assign") && route.isIntercepting()) {
            return what + "; make the address local first: " + localCommand(address.getAddress());
        }
        if (what.contains("Cannot assign")) {
            return what + "; the address is not one of this host's";
        }
        return what;
    }

    /** A local route is enough for IPv4 to bind, but not for IPv6. */
    private static String localCommand(InetAddress address) {
        String host = address.getHostAddress();
        return address instanceof Inet4Address
                ? "ip route add local " + host + " dev lo"
                : "ip -6 addr add " + host + "/128 dev lo nodad";
    }

    /** Listens with backlogs that are yet to be {@linkplain #fill filled}; on failure nothing is left bound. */
    List<FullBacklog> fullBacklogs(Route route, List<InetSocketAddress> addresses, boolean isShared) {
        List<FullBacklog> opened = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                opened.add(FullBacklog.listen(sockets, address, isShared, beforeBind(route)));
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.forEach(backlog -> backlog.close().forEach(Binder::closeQuietly));
            throw new UncheckedIOException(
                    "route \"" + route.name() + "\": cannot be unresponsive: " + e.getMessage(),
                    e instanceof IOException io ? io : new IOException(e));
        }
    }

    void fill(List<FullBacklog> backlogs) {
        for (FullBacklog backlog : backlogs) {
            try {
                backlog.fill(sockets);
            } catch (IOException e) {
                LOG.warn("A backlog could not be filled: clients are connected, but not served", e);
            }
        }
    }

    static void closeQuietly(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a channel failed", e);
        }
    }
}
