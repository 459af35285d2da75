package dev.sluice.nio.simulation;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A UDP channel of the code under test: the JDK's rules over a {@link SimulatedDatagramSocket}. */
final class SimulatedDatagramChannel extends DatagramChannel implements SimulatedChannel {

    private static final int LARGEST = 65_507;

    private final SimulatedNetwork network;
    private final ProtocolFamily family;
    private final ChannelOptions options;
    private @Nullable SimulatedDatagramSocket socket;
    private @Nullable InetSocketAddress boundTo;

    SimulatedDatagramChannel(SimulatedNetwork network, ProtocolFamily family, ChannelOptions options) {
        super(network);
        this.network = network;
        this.family = family;
        this.options = options;
    }

    // Addresses.

    @Override
    public DatagramChannel bind(@Nullable SocketAddress asked) throws IOException {
        requireOpen();
        if (socket != null) {
            throw new AlreadyBoundException();
        }
        bound(asked == null ? Hosts.wildcard(family) : Hosts.checked(asked, family));
        return this;
    }

    private SimulatedDatagramSocket bound(InetSocketAddress asked) throws IOException {
        SimulatedDatagramSocket existing = socket;
        if (existing != null) {
            return existing;
        }
        SimulatedDatagramSocket created = network.udp().bind(asked, options);
        boundTo = created.local();
        socket = created;
        return created;
    }

    /** Binds if need be, and throws away whatever has already arrived. */
    @Override
    public DatagramChannel connect(SocketAddress remote) throws IOException {
        InetSocketAddress to = Hosts.checked(remote, family);
        requireOpen();
        if (isConnected()) {
            throw new AlreadyConnectedException();
        }
        if (to.getPort() == 0) {
            throw new SocketException("Can't connect to port 0");
        }
        SimulatedDatagramSocket existing = bound(Hosts.wildcard(family));
        requireRoute(to);
        InetSocketAddress destination = network.hosts().destination(to);
        existing.connect(destination, network.udp().sourceOf(existing, destination));
        existing.flush();
        return this;
    }

    @Override
    public DatagramChannel disconnect() {
        SimulatedDatagramSocket existing = socket;
        InetSocketAddress original = boundTo;
        if (isOpen() && isConnected() && existing != null && original != null) {
            existing.disconnect(original);
        }
        return this;
    }

    @Override
    public boolean isConnected() {
        return socket != null && socket.remote() != null;
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        requireOpen();
        return socket == null ? null : socket.remote();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        requireOpen();
        return socket == null ? null : socket.local();
    }

    // Receiving.

    @Override
    public @Nullable SocketAddress receive(ByteBuffer to) throws IOException {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        requireNonBlocking();
        SimulatedDatagramSocket existing = socket;
        Datagram datagram = existing == null ? null : next(existing);
        if (datagram == null) {
            return null;
        }
        copy(datagram, to);
        return datagram.from();
    }

    /** 0 when there is nothing, -1 for an empty datagram: JDK-FACTS 9. */
    @Override
    public int read(ByteBuffer to) throws IOException {
        Objects.requireNonNull(to);
        requireNonBlocking();
        SimulatedDatagramSocket existing = connected();
        if (!to.hasRemaining()) {
            return 0;
        }
        Datagram datagram = next(existing);
        if (datagram == null) {
            return 0;
        }
        int count = copy(datagram, to);
        return count == 0 ? -1 : count;
    }

    private @Nullable Datagram next(SimulatedDatagramSocket from) throws IOException {
        if (network.chance().occurs(Fault.READ_BLOCKED)) {
            return null;
        }
        from.checkReachable();
        Datagram datagram = from.receive();
        if (datagram != null) {
            network.onDatagramRead();
        }
        return datagram;
    }

    /** What does not fit is thrown away. */
    private static int copy(Datagram datagram, ByteBuffer to) {
        int count = Math.min(to.remaining(), datagram.payload().length);
        to.put(datagram.payload(), 0, count);
        return count;
    }

    // Sending.

    @Override
    public int send(ByteBuffer from, SocketAddress target) throws IOException {
        InetSocketAddress to = Hosts.checked(target, family);
        requireOpen();
        if (isConnected()) {
            if (!to.equals(connected().remote())) {
                throw new AlreadyConnectedException();
            }
            return write(from);
        }
        if (to.getPort() == 0) {
            throw new SocketException("Can't send to port 0");
        }
        SimulatedDatagramSocket existing = bound(Hosts.wildcard(family));
        requireRoute(to);
        return transmit(existing, to, from);
    }

    /** Nothing leaves for an empty buffer; an error of an earlier datagram is thrown, and this one not sent. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        requireOpen();
        SimulatedDatagramSocket existing = connected();
        InetSocketAddress to = existing.remote();
        if (to == null || !from.hasRemaining()) {
            return 0;
        }
        existing.checkReachable();
        return transmit(existing, to, from);
    }

    private int transmit(SimulatedDatagramSocket sender, InetSocketAddress to, ByteBuffer from) throws IOException {
        if (from.remaining() > LARGEST) {
            throw new SocketException("Message too long");
        }
        if (network.chance().occurs(Fault.SEND_REFUSED)) {
            throw new SocketException("Operation not permitted");
        }
        if (network.chance().occurs(Fault.SEND_BLOCKED)) {
            return 0;
        }
        byte[] payload = new byte[from.remaining()];
        from.get(payload);
        network.udp().send(sender, to, payload);
        return payload.length;
    }

    // Scattered reads and gathered writes: one datagram each.

    @Override
    public long read(ByteBuffer[] to, int offset, int length) {
        throw new UnsupportedOperationException("one datagram, one buffer");
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw new UnsupportedOperationException("one datagram, one buffer");
    }

    // Options.

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
        requireOpen();
        options.set(name, value);
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
        requireOpen();
        return options.get(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return options.supported();
    }

    @Override
    public DatagramSocket socket() {
        throw new UnsupportedOperationException("a simulated channel has no socket adaptor");
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on) {
        throw new UnsupportedOperationException("no multicast");
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) {
        throw new UnsupportedOperationException("no multicast");
    }

    // Readiness and closing.

    @Override
    public int poll() {
        return socket == null ? OUT : socket.poll();
    }

    @Override
    public int translate(int polled, int interest) {
        if ((polled & GONE) != 0) {
            return interest;
        }
        return interest
                & (((polled & IN) == 0 ? 0 : SelectionKey.OP_READ) | ((polled & OUT) == 0 ? 0 : SelectionKey.OP_WRITE));
    }

    /** As long as it is registered the port stays taken. */
    @Override
    protected void implCloseSelectableChannel() {
        if (!isRegistered()) {
            kill();
        }
    }

    @Override
    public void kill() {
        if (socket != null) {
            network.udp().close(socket);
            socket = null;
        }
        network.descriptors().remove(this);
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // Only remembered: what would block throws.
    }

    private void requireRoute(InetSocketAddress to) throws SocketException {
        if (network.udp().isUnreachable(to)) {
            throw new SocketException("Network is unreachable");
        }
    }

    private SimulatedDatagramSocket connected() {
        SimulatedDatagramSocket existing = socket;
        if (existing == null || existing.remote() == null) {
            throw new NotYetConnectedException();
        }
        return existing;
    }

    private void requireNonBlocking() throws ClosedChannelException {
        requireOpen();
        if (isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public String toString() {
        return "UDP channel " + (socket == null ? "not bound" : socket.local() + " -> " + socket.remote());
    }
}
