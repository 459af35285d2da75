package dev.sluice.nio.udp;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.FlowInfo;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.route.Life;
import dev.sluice.nio.route.Permit;
import dev.sluice.nio.upstream.Member;
import dev.sluice.nio.upstream.Names;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;
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
    private static final long RESOLVE_TIMEOUT = Duration.ofSeconds(5).toNanos();
    private static final VarHandle BYTES_TO_UPSTREAM = bytes("bytesToUpstream");
    private static final VarHandle BYTES_TO_CLIENT = bytes("bytesToClient");

    private static VarHandle bytes(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(Session.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final UdpListener listener;
    private final UdpSettings settings;
    private Life life;
    private SelectionKey key;
    /** Present while the upstream's name is being resolved. */
    private WaitingDatagrams waiting;

    private Names.Query query;
    /** Present while the upstream is to be told whom a datagram is from. */
    private DatagramHeader header;

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
            if (key != null) {
                life.established();
            } else {
                waiting = new WaitingDatagrams(worker().buffers().budget());
                query = settings.names().resolve(member.upstream().host(), worker(), this::onResolved, this::onFailure);
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
        int most = settings.requests();
        return most == 0 || requests < most;
    }

    /** A datagram from the client. */
    void request(ByteBuffer datagram) {
        requests++;
        life.touch();
        if (waiting == null) {
            forward(datagram);
        } else if (!waiting.add(datagram)) {
            drop(DropReason.WAITING_LIMIT);
        }
        endIfAnswered();
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
                BYTES_TO_UPSTREAM.setRelease(this, bytesToUpstream + length);
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
        } else {
            answer(datagram.flip());
        }
        endIfAnswered();
        return true;
    }

    private void answer(ByteBuffer datagram) {
        int length = datagram.remaining();
        if (listener.send(datagram, info().peer())) {
            BYTES_TO_CLIENT.setRelease(this, bytesToClient + length);
            life.count(Counter.BYTES_TO_CLIENT, length);
            life.count(Counter.DATAGRAMS_TO_CLIENT, 1);
        } else {
            drop(DropReason.SEND_FAILED);
        }
    }

    private void endIfAnswered() {
        int expected = settings.responses();
        boolean complete = settings.requests() == 0 || !takesRequests();
        if (!ended && waiting == null && expected >= 0 && complete && answers >= (long) expected * requests) {
            end(CloseReason.ANSWERED);
        }
    }

    private void onResolved(List<InetAddress> found) {
        if (ended) {
            return;
        }
        if (found.isEmpty()) {
            endUnresolved();
            return;
        }
        key = listener.connectToOneOf(found, this);
        if (key == null) {
            DropReason refusal = listener.refusal();
            dropWaiting(refusal);
            end(Refusals.ofSession(refusal));
            return;
        }
        life.established();
        WaitingDatagrams first = waiting;
        waiting = null;
        first.forEach(this::forward);
        endIfAnswered();
        wakeForDeadline();
    }

    private void endUnresolved() {
        life.attemptFailed(DialFailure.UNRESOLVED, true);
        dropWaiting(DropReason.UNRESOLVED);
        end(CloseReason.CONNECT_FAILED);
    }

    @Override
    public void onDeadline() {
        if (waiting != null) {
            endUnresolved();
        } else {
            end(CloseReason.IDLE);
        }
    }

    @Override
    public long deadline() {
        return waiting != null
                ? Deadline.after(life.begun(), RESOLVE_TIMEOUT)
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
        if (query != null) {
            query.cancel();
        }
        dropWaiting(DropReason.DRAINING);
        if (key != null) {
            worker().loop().close(key);
            SessionSockets.closed(channel(), settings.source());
        }
        life.end(reason);
        listener.onEnded(this);
    }

    private void dropWaiting(DropReason reason) {
        if (waiting != null) {
            waiting.forEach(datagram -> drop(reason));
            waiting = null;
        }
    }

    private void drop(DropReason reason) {
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
        reset();
    }

    @Override
    public String toString() {
        return life.toString();
    }
}
