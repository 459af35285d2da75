package dev.sluice.nio.udp;

import dev.sluice.DropReason;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.socket.HostFailures;
import dev.sluice.nio.socket.Source;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the sockets of sessions, each towards its upstream. How far one came before it failed tells whose failure it
 * was: the messages of the system do not, being in the user's language.
 *
 * <p>Thread: worker.
 */
final class SessionSockets {
    private static final Logger LOG = LoggerFactory.getLogger(SessionSockets.class);

    private final Lane lane;
    private final Worker worker;
    private DropReason refusal;

    SessionSockets(Lane lane) {
        this.lane = lane;
        this.worker = lane.worker();
    }

    /** A socket registered with its session, or null with the reason in {@link #refusal()}. */
    SelectionKey open(
            InetSocketAddress upstream, InetSocketAddress client, UdpSettings settings, Loop.Handler session) {
        Source source = settings.source();
        if (source != null && !source.fits(client, upstream.getAddress())) {
            refusal = DropReason.OTHER_FAMILY;
            return null;
        }
        DatagramChannel socket = null;
        refusal = DropReason.LOCAL_RESOURCES;
        try {
            socket = worker.sockets().openDatagram(upstream.getAddress(), settings.receiveBuffer());
            refusal = DropReason.NO_PORT;
            bind(socket, client, upstream, source);
            refusal = DropReason.UNREACHABLE;
            socket.connect(upstream);
            refusal = DropReason.LOCAL_RESOURCES;
            return worker.loop().register(socket, SelectionKey.OP_READ, session);
        } catch (IOException | RuntimeException e) {
            LOG.debug("No socket towards {}", upstream, e);
            if (refusal == DropReason.UNREACHABLE && isOurs(e, source)) {
                refusal = DropReason.LOCAL_RESOURCES;
            }
            if (socket != null) {
                worker.closeUnregistered(socket);
                closed(socket, source);
            }
            return null;
        }
    }

    /** From an address that is not the host's own choice the kernel may refuse to connect, whoever the upstream is. */
    private static boolean isOurs(Exception e, Source source) {
        return source == null ? HostFailures.isOne(e) : !(e instanceof NoRouteToHostException);
    }

    private void bind(DatagramChannel socket, InetSocketAddress client, InetSocketAddress upstream, Source source)
            throws IOException {
        if (source == null) {
            socket.bind(null);
            return;
        }
        try {
            source.bind(socket, client, upstream);
        } catch (BindException taken) {
            if (!source.keepsPort()) {
                throw taken;
            }
            source.closed(socket);
            refusal = DropReason.SOURCE_PORT_TAKEN;
            if (source.withAnotherPort() == null) {
                throw taken;
            }
            refusal = DropReason.NO_PORT;
            // With it the kernel would give away a port that is in use.
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, false);
            source.withAnotherPort().bind(socket, client, upstream);
            lane.counters().add(Counter.SOURCE_PORTS_CHANGED, 1);
        }
    }

    /** A socket that came from here is closed. */
    static void closed(DatagramChannel socket, Source source) {
        if (source != null) {
            source.closed(socket);
        }
    }

    /** Why the last one failed. */
    DropReason refusal() {
        return refusal;
    }
}
