package dev.sluice.nio;

import dev.sluice.NameResolver;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.UdpRoute;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.socket.AddressText;
import dev.sluice.nio.socket.LocalAddresses;
import dev.sluice.nio.socket.Sockets;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
    private final Names names;
    private final NameResolver resolver;

    Binder(Sockets sockets, Names names, NameResolver resolver) {
        this.sockets = sockets;
        this.names = names;
        this.resolver = resolver;
    }

    Names names() {
        return names;
    }

    /**
     * Binds one address for all lanes; on failure nothing is left bound. The listeners are not open yet.
     *
     * @param all the routes of the server, of which one may have the address already
     */
    Binding bind(Route route, InetSocketAddress asked, List<Lane> lanes, Group group, Collection<LiveRoute> all) {
        List<SelectableChannel> bound = new ArrayList<>();
        InetSocketAddress address = asked;
        try {
            address = resolved(asked);
            List<Listener> listeners = route instanceof TcpRoute tcp
                    ? bindStream(tcp, address, lanes, TcpSettings.of(tcp, group, names), bound)
                    : bindDatagrams((UdpRoute) route, address, lanes, group, bound);
            return new Binding(asked, listeners);
        } catch (IOException | RuntimeException e) {
            bound.forEach(Binder::closeQuietly);
            IOException cause = e instanceof IOException io ? io : new IOException(e);
            Optional<String> holder = OwnAddresses.holder(route, address, all);
            throw new UncheckedIOException(
                    "route \"" + route.name() + "\": cannot listen on " + AddressText.of(asked) + ": "
                            + remedy(e, holder),
                    cause);
        }
    }

    /** Has a listener go on under new settings; what is under way keeps the old ones. */
    void configure(Listener listener, Route route, Group group) {
        if (route instanceof TcpRoute tcp) {
            ((TcpListener) listener).configure(TcpSettings.of(tcp, group, names));
        } else {
            ((UdpListener) listener).configure(UdpSettings.of((UdpRoute) route, group, names));
        }
    }

    private List<Listener> bindStream(
            TcpRoute route,
            InetSocketAddress address,
            List<Lane> lanes,
            TcpSettings settings,
            List<SelectableChannel> bound)
            throws IOException {
        List<Listener> listeners = new ArrayList<>();
        ServerSocketChannel first = sockets.listenStream(address, route.backlog());
        bound.add(first);
        if (!sockets.sharesPorts()) {
            return List.of(new TcpListener(first, lanes, settings));
        }
        listeners.add(new TcpListener(first, lanes.subList(0, 1), settings));
        for (Lane lane : lanes.subList(1, lanes.size())) {
            ServerSocketChannel next = sockets.joinStream(listeners.get(0).address(), route.backlog());
            bound.add(next);
            listeners.add(new TcpListener(next, List.of(lane), settings));
        }
        return listeners;
    }

    private List<Listener> bindDatagrams(
            UdpRoute route, InetSocketAddress address, List<Lane> lanes, Group group, List<SelectableChannel> bound)
            throws IOException {
        UdpSettings settings = UdpSettings.of(route, group, names);
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

    private static String remedy(Exception e, Optional<String> holder) {
        String what = String.valueOf(e.getMessage());
        if (what.contains("in use")) {
            return holder.map(own -> what + " by " + own + "; listen on another port (0 picks a free one)")
                    .orElse(what + "; stop what listens there, or listen on another port (0 picks a free one)");
        }
        if (what.contains("Permission denied")) {
            return what + "; ports below 1024 need privilege, others do not";
        }
        if (what.contains("Cannot assign")) {
            return what + "; the address is not one of this host's";
        }
        return what;
    }

    private static void closeQuietly(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing a channel failed", e);
        }
    }
}
