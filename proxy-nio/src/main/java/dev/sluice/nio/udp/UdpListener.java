package dev.sluice.nio.udp;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.Transport;
import dev.sluice.nio.header.HeaderReader;
import dev.sluice.nio.header.ProxyHeader;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.route.Parties;
import dev.sluice.nio.route.Permit;
import dev.sluice.nio.socket.AddressText;
import dev.sluice.nio.socket.Source;
import dev.sluice.nio.upstream.Member;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the datagrams of a UDP route on one socket, finds or opens the session of each sender, and sends the answers
 * from the address that the client had sent to.
 *
 * <p>Thread: worker, apart from {@link #address} and {@link #receiveBuffer}.
 */
public final class UdpListener implements Listener, Loop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(UdpListener.class);
    private static final int DATAGRAMS_A_TURN = 64;
    /** What a queued datagram costs the kernel at least: it bounds how many there are when the last are taken. */
    private static final int SMALLEST_QUEUED = 256;

    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final int receiveBuffer;
    private final Lane lane;
    private final SharedPort port;
    private final SessionSockets sockets;
    private UdpSettings settings;
    /**
     * By {@link SessionKey}; a session that has had its last request is not in it any more, but lives until it is
     * answered.
     */
    private final Map<Object, Session> sessions = new HashMap<>();

    private SelectionKey key;
    private int live;
    private boolean isSuspended;
    private boolean retiring;
    private boolean released;

    UdpListener(DatagramChannel channel, Lane lane, UdpSettings settings, SharedPort port) throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.receiveBuffer = channel.getOption(StandardSocketOptions.SO_RCVBUF);
        this.lane = lane;
        this.settings = settings;
        this.port = port;
        this.sockets = new SessionSockets(lane);
    }

    /** Sessions to come are relayed like this. */
    public void configure(UdpSettings next) {
        settings = next;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Lane lane() {
        return lane;
    }

    @Override
    public int receiveBuffer() {
        return receiveBuffer;
    }

    @Override
    public void open() throws IOException {
        // Where there is no memory for a datagram, now is the time to fail.
        lane.worker().buffers().scratch(settings.headroom() + settings.room());
        key = lane.worker().loop().register(channel, isSuspended ? 0 : SelectionKey.OP_READ, this);
    }

    @Override
    public void suspend(boolean suspended) {
        isSuspended = suspended;
        if (key != null && key.isValid()) {
            key.interestOps(suspended ? 0 : SelectionKey.OP_READ);
        }
    }

    @Override
    public void onReady(int readyOps) throws IOException {
        receive(DATAGRAMS_A_TURN);
    }

    @Override
    public void onFailure(Throwable failure) {
        LOG.error("Route \"{}\": receiving on {} failed unexpectedly", lane.route(), AddressText.of(address), failure);
    }

    /** Sessions go on, but from here on there will be no new ones. */
    @Override
    public void takeLast() {
        if (isClosed() || isSuspended) {
            return;
        }
        try {
            receive(receiveBuffer / SMALLEST_QUEUED);
        } catch (IOException e) {
            onFailure(e);
        }
    }

    @Override
    public void retire() {
        retiring = true;
        releaseIfUnused();
    }

    @Override
    public boolean isNeeded() {
        return port.isInUse();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    private void receive(int most) throws IOException {
        for (int i = 0; i < most; i++) {
            int start = settings.headroom();
            ByteBuffer datagram =
                    lane.worker().buffers().scratch(start + settings.room()).position(start);
            InetSocketAddress peer = (InetSocketAddress) channel.receive(datagram);
            if (peer == null) {
                return;
            }
            datagram.limit(datagram.position()).position(start);
            if (settings.headers().isExpected()) {
                relayBehindHeader(datagram, peer);
            } else {
                relay(datagram, peer, null);
            }
        }
    }

    private void relayBehindHeader(ByteBuffer datagram, InetSocketAddress peer) {
        ProxyHeader header = null;
        if (!lane.trusts(peer.getAddress(), settings.headers())) {
            lane.refuseUntrusted(peer.getAddress());
            drop(DropReason.UNTRUSTED_PEER);
            return;
        }
        String why = "it is not whole";
        try {
            header = HeaderReader.read(datagram, Transport.UDP);
        } catch (ProtocolException e) {
            why = e.getMessage();
        }
        if (header == null) {
            refuseHeader(peer, why);
        } else {
            Parties known = parties(peer).behind(header);
            relay(datagram, SessionKey.of(known), known);
        }
    }

    private void refuseHeader(InetSocketAddress peer, String why) {
        LOG.debug("Route \"{}\": no PROXY header from {}: {}", lane.route(), peer, why);
        lane.refuse(CloseReason.BAD_HEADER, () -> AddressText.of(peer) + " sent no PROXY header: " + why);
        drop(DropReason.BAD_HEADER);
    }

    private Parties parties(InetSocketAddress peer) {
        return new Parties(lane.route(), Transport.UDP, peer, address);
    }

    /** @param known who is asking; null where that is just the peer, which is the key then */
    private void relay(ByteBuffer datagram, Object key, Parties known) {
        if (datagram.remaining() > settings.maxDatagram()) {
            drop(DropReason.OVERSIZE);
            return;
        }
        Session session = sessions.get(key);
        if (session == null || !session.takesRequests()) {
            session = openSession(known == null ? parties((InetSocketAddress) key) : known);
        }
        if (session != null) {
            session.request(datagram);
        }
    }

    /** Opens a session, or counts why the datagram is dropped and returns null. */
    private Session openSession(Parties parties) {
        if (retiring) {
            return drop(DropReason.DRAINING);
        }
        Permit permit = lane.admitKnown(parties.client().getAddress());
        if (permit == null) {
            return drop(Refusals.ofDatagram(lane.refusal()));
        }
        Member member = lane.pick(settings.group(), parties, List.of(), settings.source());
        if (member == null) {
            permit.give();
            return drop(Refusals.ofDatagram(lane.refusal()));
        }
        Session session = new Session(this, settings);
        SelectionKey upstream = null;
        if (member.address() != null) {
            upstream = connect(member, member.address(), parties.client(), session);
            if (upstream == null) {
                member.release();
                permit.give();
                return drop(sockets.refusal());
            }
        }
        begin(session, parties, permit, member, upstream);
        return session.hasEnded() ? drop(DropReason.LOCAL_RESOURCES) : session;
    }

    private void begin(Session session, Parties parties, Permit permit, Member member, SelectionKey upstream) {
        try {
            session.begin(parties, permit, member, upstream);
        } catch (Throwable e) {
            // It has no life that would give them back.
            if (upstream != null) {
                lane.worker().loop().close(upstream);
                SessionSockets.closed((DatagramChannel) upstream.channel(), settings.source());
            }
            member.release();
            permit.give();
            throw e;
        }
    }

    /** The same for the first of these addresses for which it goes; those of another family are not tried. */
    SelectionKey connectToOneOf(List<InetAddress> found, Session session) {
        Member member = session.life().member();
        InetSocketAddress client = session.info().client();
        Source source = session.settings().source();
        List<InetAddress> usable = found.stream()
                .filter(address -> source == null || source.fits(client, address))
                .toList();
        // Where none is usable one is tried all the same, for the reason that it fails with.
        for (InetAddress address : usable.isEmpty() ? found.subList(0, 1) : usable) {
            InetSocketAddress place =
                    new InetSocketAddress(address, member.upstream().port());
            SelectionKey connected = connect(member, place, client, session);
            if (connected != null) {
                return connected;
            }
        }
        return null;
    }

    void onBegun(Session session) {
        live++;
        sessions.put(SessionKey.of(session.info()), session);
    }

    /** A socket of the session's own towards its upstream, or null with the failure counted. */
    SelectionKey connect(Member member, InetSocketAddress upstream, InetSocketAddress client, Session session) {
        SelectionKey connected = sockets.open(upstream, client, session.settings(), session);
        if (connected == null) {
            DialFailure failure = Refusals.ofDial(sockets.refusal());
            lane.counters().dialFailed(failure);
            if (failure == DialFailure.UNREACHABLE) {
                member.counters(lane.worker().index()).dialFailed(DialFailure.UNREACHABLE);
                member.standing().failed(lane.worker(), DialFailure.UNREACHABLE.name());
            }
        }
        return connected;
    }

    /** Another socket for a session, towards where the one that it has leads. */
    SelectionKey connectAnew(Session session, DatagramChannel present) {
        try {
            InetSocketAddress upstream = (InetSocketAddress) present.getRemoteAddress();
            return connect(session.life().member(), upstream, session.info().client(), session);
        } catch (IOException e) {
            LOG.debug("Route \"{}\": a socket does not know its upstream", lane.route(), e);
            return null;
        }
    }

    /** Why the last socket of a session could not be had. */
    DropReason refusal() {
        return sockets.refusal();
    }

    /** Sends an answer; false if the kernel would not take it. */
    boolean send(ByteBuffer datagram, InetSocketAddress client) {
        int length = datagram.remaining();
        try {
            return channel.send(datagram, client) == length;
        } catch (IOException e) {
            LOG.debug("Route \"{}\": an answer could not be sent", lane.route(), e);
            return false;
        }
    }

    void onEnded(Session session) {
        sessions.remove(SessionKey.of(session.info()), session);
        live--;
        releaseIfUnused();
    }

    private void releaseIfUnused() {
        if (retiring && live == 0 && !released) {
            released = true;
            port.release();
        }
    }

    /** Nobody needs the port any more. */
    void close() {
        lane.worker().close(key, channel);
    }

    private Session drop(DropReason reason) {
        lane.counters().dropped(reason);
        return null;
    }
}
