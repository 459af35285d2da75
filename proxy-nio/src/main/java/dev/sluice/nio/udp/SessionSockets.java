package dev.sluice.nio.udp;

import dev.sluice.DropReason;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.socket.HostFailures;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
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

    private final Worker worker;
    private DropReason refusal;

    SessionSockets(Worker worker) {
        this.worker = worker;
    }

    /** A socket registered with its session, or null with the reason in {@link #refusal()}. */
    SelectionKey open(InetSocketAddress upstream, int receiveBuffer, Loop.Handler session) {
        DatagramChannel socket = null;
        refusal = DropReason.LOCAL_RESOURCES;
        try {
            socket = worker.sockets().openDatagram(upstream.getAddress(), receiveBuffer);
            refusal = DropReason.NO_PORT;
            socket.bind(null);
            refusal = DropReason.UNREACHABLE;
            socket.connect(upstream);
            refusal = DropReason.LOCAL_RESOURCES;
            return worker.loop().register(socket, SelectionKey.OP_READ, session);
        } catch (IOException | RuntimeException e) {
            LOG.debug("No socket towards {}", upstream, e);
            if (refusal == DropReason.UNREACHABLE && HostFailures.isOne(e)) {
                refusal = DropReason.LOCAL_RESOURCES;
            }
            if (socket != null) {
                worker.closeUnregistered(socket);
            }
            return null;
        }
    }

    /** Why the last one failed. */
    DropReason refusal() {
        return refusal;
    }
}
