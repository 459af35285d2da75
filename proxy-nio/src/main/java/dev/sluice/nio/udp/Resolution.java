package dev.sluice.nio.udp;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.nio.upstream.Names;
import dev.sluice.nio.worker.Worker;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;

/**
 * A session's wait for its upstream's name, and the datagrams that wait with it.
 *
 * <p>Thread: worker.
 */
final class Resolution {
    static final long TIMEOUT = Duration.ofSeconds(5).toNanos();

    private final Session session;
    private final UdpListener listener;
    private final WaitingDatagrams waiting;
    private Names.Query query;
    private boolean isOver;

    Resolution(Session session, UdpListener listener) {
        this.session = session;
        this.listener = listener;
        this.waiting = new WaitingDatagrams(worker().buffers().budget());
    }

    private Worker worker() {
        return listener.lane().worker();
    }

    void begin() {
        String host = session.life().member().upstream().host();
        query = session.settings().names().resolve(host, worker(), this::onResolved, session::onFailure);
    }

    /** A datagram from the client. */
    void take(ByteBuffer datagram) {
        if (!waiting.add(datagram)) {
            session.drop(DropReason.WAITING_LIMIT);
        }
    }

    private void onResolved(List<InetAddress> found) {
        if (isOver) {
            return;
        }
        if (found.isEmpty()) {
            fail();
            return;
        }
        SelectionKey connected = listener.connectToOneOf(found, session);
        if (connected == null) {
            DropReason refusal = listener.refusal();
            drop(refusal);
            session.end(Refusals.ofSession(refusal));
        } else {
            isOver = true;
            session.onConnected(connected, waiting);
        }
    }

    /** The name has no address, or it takes too long to find out. */
    void fail() {
        session.life().attemptFailed(DialFailure.UNRESOLVED, true);
        drop(DropReason.UNRESOLVED);
        session.end(CloseReason.CONNECT_FAILED);
    }

    /** The session ends. */
    void cancel(DropReason reason) {
        isOver = true;
        if (query != null) {
            query.cancel();
        }
        drop(reason);
    }

    private void drop(DropReason reason) {
        waiting.forEach(datagram -> session.drop(reason));
    }
}
