package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.socket.Source;
import dev.sluice.nio.upstream.Member;
import dev.sluice.nio.upstream.Names;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * The search for an upstream that answers: one member after another, none twice, each at its addresses in turn. It
 * lives as long as its connection is dialling.
 *
 * <p>Thread: worker.
 */
final class Dial {
    private final Connection connection;
    /** What an upstream's channel is registered with. */
    private final Loop.Handler handler;

    private final Worker worker;
    private final TcpSettings settings;
    /** When it begins, unless faults put it off. */
    private final long from;

    private boolean hasBegun;
    private long lastMoment;
    private Iterator<InetSocketAddress> addresses = Collections.emptyIterator();
    /** Present while the member's name is being resolved. */
    private Names.Query query;

    private SelectionKey key;
    /** Present while what the upstream is to be told before all else has not all been taken. */
    private ByteBuffer header;

    private long attemptEnds = Deadline.NEVER;
    private DialFailure failure;
    /** Members that have no address of the family that is asked for: to find that out is no attempt. */
    private int passedOver;
    /** There is no descriptor for a socket, whatever the address. */
    private boolean isHostExhausted;

    /** @param from when dialling has begun, which its time is counted from */
    Dial(Connection connection, Loop.Handler handler, long from) {
        this.connection = connection;
        this.handler = handler;
        this.worker = connection.worker();
        this.settings = connection.settings();
        this.from = from;
        this.lastMoment = Deadline.after(from, settings.connectDeadline());
    }

    /** Begins, or sees to it that it does when faults allow it. */
    void begin() {
        if (worker.now() < beginning()) {
            connection.wakeForDeadline();
        } else {
            hasBegun = true;
            connection.dialBegins();
            lastMoment = Deadline.after(worker.now(), settings.connectDeadline());
            next();
        }
    }

    private long beginning() {
        return from + connection.life().connectDelay();
    }

    /** When it begins, or when the attempt under way, or the whole search, has taken too long. */
    long deadline() {
        return hasBegun ? Math.min(attemptEnds, lastMoment) : beginning();
    }

    /** Tries members until one is being connected, or none is left and the connection ends. */
    void next() {
        while (connection.isDialling(this)) {
            Member member = pick();
            if (member == null) {
                return;
            }
            connection.life().assign(member);
            attemptEnds = Deadline.after(worker.now(), settings.connectTimeout());
            if (member.upstream().isOriginalDestination()) {
                if (SelfDial.isMeantForListener(connection)) {
                    connection.end(CloseReason.NO_UPSTREAM);
                    return;
                }
                addresses = List.of(connection.info().local()).iterator();
            } else if (member.address() == null) {
                resolve(member);
                return;
            } else {
                addresses = List.of(member.address()).iterator();
            }
            if (connectNext()) {
                return;
            }
            giveUpMember();
        }
    }

    /** The upstream was connected, and reset before a byte had passed. */
    void onReset() {
        hasBegun = true;
        failure = DialFailure.RESET;
        giveUpMember();
        next();
    }

    void onConnectable() {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (header != null ? sendHeader(channel) : !channel.finishConnect() || reached(channel)) {
                return;
            }
        } catch (IOException e) {
            failure = DialFailures.later(e);
            abandonAttempt();
        }
        tryOn();
    }

    void onDeadline() {
        if (!hasBegun) {
            begin();
            return;
        }
        boolean isConnected = header != null;
        failure = query != null ? DialFailure.UNRESOLVED : isConnected ? DialFailure.UNREACHABLE : DialFailure.TIMEOUT;
        abandonAttempt();
        if (worker.now() >= lastMoment) {
            giveUpMember();
            connection.end(closeReason());
        } else {
            tryOn();
        }
    }

    private Member pick() {
        if (connection.life().tried().size() - passedOver >= settings.connectAttempts()) {
            connection.end(closeReason());
            return null;
        }
        Lane lane = connection.life().lane();
        Member member =
                lane.pick(settings.group(), connection.info(), connection.life().tried(), settings.source());
        if (member == null) {
            CloseReason refusal = lane.refusal();
            boolean ranOut = failure != null && refusal != CloseReason.SELECTOR_FAILED;
            if (!ranOut && refusal == CloseReason.OTHER_FAMILY) {
                lane.refuse(refusal, () -> DialFailures.hint(refusal, connection));
            }
            connection.end(ranOut ? closeReason() : refusal);
        }
        return member;
    }

    private void resolve(Member member) {
        connection.wakeForDeadline();
        query = settings.names()
                .resolve(member.upstream().host(), worker, found -> onResolved(member, found), connection::onFailure);
    }

    private void onResolved(Member member, List<InetAddress> found) {
        if (query == null || !connection.isDialling(this) || connection.life().member() != member) {
            return;
        }
        query = null;
        if (found.isEmpty()) {
            failure = DialFailure.UNRESOLVED;
        }
        int port = member.upstream().port();
        List<InetSocketAddress> usable = found.stream()
                .filter(address -> isOfFamily(address))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        if (usable.isEmpty() && !found.isEmpty()) {
            failure = DialFailure.OTHER_FAMILY;
        }
        addresses = usable.iterator();
        tryOn();
    }

    /** The next address of this member, or the next member. */
    private void tryOn() {
        if (!connectNext()) {
            giveUpMember();
            next();
        }
    }

    /** Returns false if no address of this member is left to try. */
    private boolean connectNext() {
        while (!isHostExhausted && addresses.hasNext()) {
            if (connect(addresses.next())) {
                return true;
            }
        }
        return false;
    }

    private boolean connect(InetSocketAddress upstream) {
        if (!isOfFamily(upstream.getAddress())) {
            failure = DialFailure.OTHER_FAMILY;
            return false;
        }
        return connect(upstream, settings.source());
    }

    /** False where the address that the upstream is to see is of the other family. */
    private boolean isOfFamily(InetAddress upstream) {
        Source source = settings.source();
        return source == null || source.fits(connection.info().client(), upstream);
    }

    private boolean connect(InetSocketAddress upstream, Source source) {
        SocketChannel channel;
        try {
            channel = worker.sockets().openStream(upstream.getAddress(), settings.stream());
        } catch (IOException noDescriptor) {
            failure = DialFailure.LOCAL_RESOURCES;
            isHostExhausted = true;
            return false;
        } catch (UnsupportedOperationException noSuchFamily) {
            failure = DialFailure.UNREACHABLE;
            return false;
        }
        try {
            if (source != null) {
                source.bind(channel, connection.info().client());
            }
            // An upstream on the same host has answered already, though connect() calls it in progress.
            boolean already = channel.connect(upstream) || channel.finishConnect();
            key = worker.loop().register(channel, already ? 0 : SelectionKey.OP_CONNECT, handler);
            if (already) {
                return reached(channel);
            }
            attemptEnds = Deadline.after(worker.now(), settings.connectTimeout());
            connection.wakeForDeadline();
            return true;
        } catch (IOException | RuntimeException e) {
            failure = DialFailures.atOnce(e, source);
            if (key == null) {
                worker.closeUnregistered(channel);
            }
            abandonAttempt();
            boolean portTaken = e instanceof BindException && source != null && source.keepsPort();
            return portTaken && connectFromAnotherPort(upstream, source.withAnotherPort());
        }
    }

    /** @param source null where no other port will do */
    private boolean connectFromAnotherPort(InetSocketAddress upstream, Source source) {
        if (source == null) {
            failure = DialFailure.SOURCE_PORT_TAKEN;
            return false;
        }
        connection.life().lane().counters().add(Counter.SOURCE_PORTS_CHANGED, 1);
        return connect(upstream, source);
    }

    /** Returns false if what was reached is the dialling socket itself. */
    private boolean reached(SocketChannel channel) throws IOException {
        if (SelfDial.isSelfConnected(channel)) {
            failure = DialFailure.REFUSED;
            abandonAttempt();
            return false;
        }
        if (settings.headers().isSent()) {
            header = ByteBuffer.wrap(settings.headers().writer().header(connection.info()));
            return sendHeader(channel);
        }
        connected();
        return true;
    }

    /** The upstream is not reached before it has been told whom the connection is for; returns false if it is gone. */
    private boolean sendHeader(SocketChannel channel) {
        try {
            channel.write(header);
        } catch (IOException gone) {
            failure = DialFailure.RESET;
            abandonAttempt();
            return false;
        }
        if (header.hasRemaining()) {
            key.interestOps(SelectionKey.OP_WRITE);
            connection.wakeForDeadline();
        } else {
            header = null;
            connected();
        }
        return true;
    }

    private void connected() {
        SelectionKey reached = key;
        key = null;
        connection.onConnected(reached);
    }

    /** Gives up what is under way, without a word to the connection. */
    void abandonAttempt() {
        if (query != null) {
            query.cancel();
            query = null;
        }
        if (key != null) {
            worker.closeStream(key, false);
            key = null;
        }
        header = null;
    }

    /** Why the connection ends that no upstream was reached for; where its kind is to be logged once, it is. */
    private CloseReason closeReason() {
        CloseReason reason = DialFailures.closeReason(failure, settings.source());
        if (settings.source() != null) {
            connection.life().lane().refuse(reason, () -> DialFailures.hint(reason, connection));
        }
        return reason;
    }

    private void giveUpMember() {
        connection.life().attemptFailed(failure, DialFailures.isUpstreams(failure, settings.source()));
        if (failure == DialFailure.OTHER_FAMILY) {
            passedOver++;
        }
        if (isHostExhausted) {
            connection.listener().pause();
            connection.end(CloseReason.LOCAL_RESOURCES);
        }
    }
}
