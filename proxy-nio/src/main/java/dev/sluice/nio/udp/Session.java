package dev.sluice.nio.udp;

import dev.sluice.CloseReason;
import dev.sluice.Direction;
import dev.sluice.DropReason;
import dev.sluice.FlowInfo;
import dev.sluice.nio.fault.Engagement;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.route.Life;
import dev.sluice.nio.route.Permit;
import dev.sluice.nio.socket.Source;
import dev.sluice.nio.upstream.Member;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's datagrams to one upstream and back, through a socket of its own, so that answers find their client. It
 * stays on its upstream until it ends.
 *
 * <p>Thread: worker, apart from what {@link dev.sluice.Flow} promises.
 */
final class Session implements Life.Body, Loop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final int DATAGRAMS_A_TURN = 16;
    private static final AtomicLongFieldUpdater<Session> BYTES_TO_UPSTREAM =
            AtomicLongFieldUpdater.newUpdater(Session.class, "bytesToUpstream");
    private static final AtomicLongFieldUpdater<Session> BYTES_TO_CLIENT =
            AtomicLongFieldUpdater.newUpdater(Session.class, "bytesToClient");

    private final UdpListener listener;
    private final UdpSettings settings;
    private Life life;
    private SelectionKey key;
    /** Present while the upstream's name is being resolved. */
    private Resolution resolution;
    /** Present while the upstream is to be told whom a datagram is from. */
    private DatagramHeader header;
    /** Present while it is under faults. */
    private SessionFaults faults;

    private boolean ended;
    /** When answers were last there to be read. */
    private long readyTurn;

    private int requests;
    private long answers;
    /** Written by the worker alone, as the next is, in order and without a fence; any thread may read them. */
    private volatile long bytesToUpstream;

    private volatile long bytesToClient;

    Session(UdpListener listener, UdpSettings settings) {
        this.listener = listener;
        this.settings = settings;
    }

    /**
     * Begins with its socket, or without one where the upstream's name must be resolved first. Throws where it has no
     * life yet, and ends itself for whatever fails later.
     */
    void begin(FlowInfo info, Permit permit, Member member, SelectionKey connected) {
        life = new Life(listener.lane(), this, info, permit);
        key = connected;
        try {
            life.assign(member);
            listener.onBegun(this);
            if (settings.headers().isSent()) {
                header = new DatagramHeader(settings.headers().writer().header(info));
            }
            life.meetFaults();
            if (key != null) {
                life.established();
            } else {
                resolution = new Resolution(this, listener);
                resolution.begin();
            }
            wakeForDeadline();
        } catch (Throwable e) {
            onFailure(e);
        }
    }

    UdpSettings settings() {
        return settings;
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public Life life() {
        return life;
    }

    private Worker worker() {
        return listener.lane().worker();
    }

    /** False once it has had as many requests as a session may: the next one opens another. */
    boolean takesRequests() {
        return settings.requests() == 0 || requests < settings.requests();
    }

    /** A datagram from the client. */
    void request(ByteBuffer datagram) {
        requests++;
        life.touch();
        if (resolution == null) {
            passToUpstream(datagram);
        } else {
            resolution.take(datagram);
        }
        endIfAnswered();
    }

    private void passToUpstream(ByteBuffer datagram) {
        if (faults == null) {
            forward(datagram);
        } else {
            faults.take(Direction.TO_UPSTREAM, datagram, this::forward);
        }
    }

    private void forward(ByteBuffer datagram) {
        int length = datagram.remaining();
        ByteBuffer whole = header == null ? datagram : header.before(datagram);
        if (whole.remaining() > UdpSettings.LONGEST_DATAGRAM) {
            drop(DropReason.OVERSIZE);
            return;
        }
        try {
            if (write(whole)) {
                header = settings.repeatsHeader() ? header : null;
                BYTES_TO_UPSTREAM.lazySet(this, bytesToUpstream + length);
                life.count(Counter.BYTES_TO_UPSTREAM, length);
                life.count(Counter.DATAGRAMS_TO_UPSTREAM, 1);
            } else {
                drop(DropReason.SEND_FAILED);
            }
        } catch (PortUnreachableException e) {
            life.unreachable();
            drop(DropReason.UNREACHABLE);
        } catch (IOException e) {
            LOG.debug("Route \"{}\": a datagram could not be sent", info().route(), e);
            drop(DropReason.SEND_FAILED);
        }
    }

    /** Returns false if the kernel would not take it. */
    private boolean write(ByteBuffer datagram) throws IOException {
        if (!datagram.hasRemaining()) {
            worker().sockets().sendEmpty(channel(), settings.source());
            return true;
        }
        try {
            return channel().write(datagram) > 0;
        } catch (IOException earlier) {
            // A write may report what an earlier one had met, and has sent nothing then.
            boolean written = channel().write(datagram) > 0;
            life.unreachable();
            return written;
        }
    }

    @Override
    public void onReady(int readyOps) {
        // Where answers come one by one, a second read would find nothing: it is tried on those ready turn after turn.
        long turn = worker().loop().turn();
        int most = turn == readyTurn + 1 ? DATAGRAMS_A_TURN : 1;
        readyTurn = turn;
        while (most > 0 && !ended && relayAnswer()) {
            most--;
        }
    }

    /** Returns false if there was none. */
    private boolean relayAnswer() {
        int most = settings.maxDatagram();
        ByteBuffer datagram = worker().buffers().scratch(most + 1);
        int count;
        try {
            count = channel().read(datagram);
        } catch (IOException reported) {
            // By ICMP, of a datagram sent before; what was received is not lost by it.
            life.unreachable();
            return true;
        }
        // Nothing there is 0; an empty datagram is what looks like an end of stream.
        if (count == 0) {
            return false;
        }
        life.touch();
        life.answered();
        answers++;
        if (count > most) {
            drop(DropReason.OVERSIZE);
        } else if (faults == null) {
            answer(datagram.flip());
        } else {
            faults.take(Direction.TO_CLIENT, datagram.flip(), this::answer);
        }
        endIfAnswered();
        return true;
    }

    private void answer(ByteBuffer datagram) {
        int length = datagram.remaining();
        if (listener.send(datagram, info().peer())) {
            BYTES_TO_CLIENT.lazySet(this, bytesToClient + length);
            life.count(Counter.BYTES_TO_CLIENT, length);
            life.count(Counter.DATAGRAMS_TO_CLIENT, 1);
        } else {
            drop(DropReason.SEND_FAILED);
        }
    }

    private void endIfAnswered() {
        int expected = settings.responses();
        boolean complete = settings.requests() == 0 || !takesRequests();
        boolean sent = resolution == null && (faults == null || !faults.isHolding());
        if (!ended && sent && expected >= 0 && complete && answers >= (long) expected * requests) {
            end(CloseReason.ANSWERED);
        }
    }

    /** Its upstream's name is resolved, and this is the way there; datagrams have waited for it. */
    void onConnected(SelectionKey connected, WaitingDatagrams first) {
        key = connected;
        resolution = null;
        life.established();
        first.forEach(this::passToUpstream);
        endIfAnswered();
        wakeForDeadline();
    }

    @Override
    public void onDeadline() {
        if (resolution != null) {
            resolution.fail();
        } else {
            end(CloseReason.IDLE);
        }
    }

    @Override
    public long deadline() {
        return resolution != null
                ? Deadline.after(life.begun(), Resolution.TIMEOUT)
                : Deadline.after(life.lastActivity(), settings.idleTimeout());
    }

    @Override
    public void onFailure(Throwable failure) {
        end(CloseReason.INTERNAL);
        LOG.error("Route \"{}\": a session failed unexpectedly and was closed", info().route(), failure);
    }

    @Override
    public void end(CloseReason reason) {
        if (ended) {
            return;
        }
        ended = true;
        if (resolution != null) {
            resolution.cancel(DropReason.DRAINING);
            resolution = null;
        }
        if (faults != null) {
            faults.release();
        }
        if (key != null) {
            closeSocket();
        }
        life.end(reason);
        listener.onEnded(this);
    }

    private void closeSocket() {
        worker().loop().close(key);
        SessionSockets.closed(channel(), settings.source());
    }

    @Override
    public void begin(Engagement engagement) {
        if (faults == null) {
            faults = new SessionFaults(this);
        }
        faults.begin(engagement, Direction.TO_UPSTREAM, this::forward);
        faults.begin(engagement, Direction.TO_CLIENT, this::answer);
    }

    @Override
    public void end(Engagement engagement) {
        if (faults != null) {
            faults.end(engagement);
        }
    }

    void onFaultsMoved() {
        if (faults.isSpent()) {
            faults = null;
        }
        endIfAnswered();
    }

    /** The upstream sees another port from now on, unless that is the client's own. */
    void rebind() {
        Source source = settings.source();
        if (source == null || !source.keepsPort()) {
            SelectionKey next = listener.connectAnew(this, channel());
            if (next != null) {
                closeSocket();
                key = next;
            }
        }
    }

    void drop(DropReason reason) {
        life.lane().counters().dropped(reason);
    }

    private DatagramChannel channel() {
        return (DatagramChannel) key.channel();
    }

    @Override
    public long bytesToUpstream() {
        return bytesToUpstream;
    }

    @Override
    public long bytesToClient() {
        return bytesToClient;
    }

    @Override
    public void close() {
        end(CloseReason.CLOSED_BY_USER);
    }
}
