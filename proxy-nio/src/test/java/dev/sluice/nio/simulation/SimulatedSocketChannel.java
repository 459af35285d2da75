package dev.sluice.nio.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A TCP channel of the code under test: the JDK's rules over a {@link SimulatedTcpSocket}. */
final class SimulatedSocketChannel extends SocketChannel implements SimulatedChannel {

    private static final int MOST_AT_ONCE = 1 << 20;

    private final SimulatedNetwork network;
    private final ProtocolFamily family;
    private final SimulatedTcpSocket socket;
    private final ChannelOptions options;
    private final LocalPort port;
    private boolean pending;
    private boolean inputShut;
    private boolean outputShut;
    private boolean reset;

    SimulatedSocketChannel(
            SimulatedNetwork network, ProtocolFamily family, SimulatedTcpSocket socket, ChannelOptions options) {
        super(network);
        this.network = network;
        this.family = family;
        this.socket = socket;
        this.options = options;
        this.port = new LocalPort(network, socket);
    }

    // Connecting.

    @Override
    public SocketChannel bind(@Nullable SocketAddress asked) throws IOException {
        requireOpen();
        if (pending) {
            throw new ConnectionPendingException();
        }
        if (socket.local() != null) {
            throw new AlreadyBoundException();
        }
        port.bind(asked == null ? Hosts.wildcard(family) : Hosts.checked(asked, family));
        return this;
    }

    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        InetSocketAddress to = network.hosts().destination(Hosts.checked(remote, family));
        requireNonBlocking();
        if (isConnected()) {
            throw new AlreadyConnectedException();
        }
        if (pending) {
            throw new ConnectionPendingException();
        }
        try {
            port.bindForConnect(to);
        } catch (IOException e) {
            close();
            throw e;
        }
        pending = true;
        network.tcp().dial(socket, to, drawFate());
        boolean over =
                network.chance().occurs(Fault.CONNECT_AT_ONCE) && network.tcp().handshake(socket);
        return over && !network.chance().occurs(Fault.CONNECT_CALLED_PENDING) && finishConnect();
    }

    private Reach drawFate() {
        Chance chance = network.chance();
        if (chance.occurs(Fault.CONNECT_REFUSED)) {
            return Reach.REFUSED;
        }
        if (chance.occurs(Fault.CONNECT_SILENT)) {
            return Reach.SILENT;
        }
        return chance.occurs(Fault.CONNECT_UNREACHABLE) ? Reach.UNREACHABLE : Reach.OPEN;
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (isConnected()) {
            return true;
        }
        requireNonBlocking();
        if (!pending) {
            throw new NoConnectionPendingException();
        }
        if (!socket.isDialled()) {
            return false;
        }
        try {
            socket.checkDial();
        } catch (IOException e) {
            close();
            throw e;
        }
        pending = false;
        return true;
    }

    @Override
    public boolean isConnected() {
        return !pending && socket.isEstablished();
    }

    @Override
    public boolean isConnectionPending() {
        return pending;
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        requireOpen();
        return socket.remote();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        requireOpen();
        return socket.local();
    }

    // Moving bytes.

    @Override
    public int read(ByteBuffer to) throws IOException {
        Objects.requireNonNull(to);
        requireConnected();
        if (reset) {
            throw SocketError.RESET.onRead();
        }
        if (inputShut) {
            return SimulatedTcpSocket.END;
        }
        if (!to.hasRemaining() || network.chance().occurs(Fault.READ_BLOCKED)) {
            return 0;
        }
        int most = Math.min(to.remaining(), Math.max(1, socket.readable()));
        try {
            return socket.read(to, network.chance().cut(Fault.SHORT_READ, most));
        } catch (SocketException e) {
            reset = true;
            throw e;
        }
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int wanted = to[i].remaining();
            int count = wanted == 0 || total > 0 && socket.readable() == 0 ? 0 : read(to[i]);
            if (count == SimulatedTcpSocket.END) {
                return SimulatedTcpSocket.END;
            }
            total += count;
            if (count < wanted) {
                break;
            }
        }
        return total;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        Objects.requireNonNull(from);
        requireConnected();
        if (outputShut) {
            throw new ClosedChannelException();
        }
        if (!from.hasRemaining() || network.chance().occurs(Fault.WRITE_BLOCKED)) {
            return 0;
        }
        int most = Math.min(Math.min(from.remaining(), MOST_AT_ONCE), Math.max(1, socket.room()));
        return socket.write(from, network.chance().cut(Fault.SHORT_WRITE, most));
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            int wanted = from[i].remaining();
            int count = write(from[i]);
            total += count;
            if (count < wanted) {
                break;
            }
        }
        return total;
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        requireConnected();
        inputShut = true;
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        requireConnected();
        outputShut = true;
        socket.shutdownOutput();
        return this;
    }

    // Options.

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        requireOpen();
        options.set(name, value);
        if (name.equals(StandardSocketOptions.SO_SNDBUF)) {
            KernelBuffers buffers = network.tcp().buffers();
            int asked = StandardSocketOptions.SO_SNDBUF.type().cast(value);
            socket.sendBuffer(Math.max(buffers.smallestSend(), Math.min(asked, buffers.send())));
        }
        return this;
    }

    @Override
    public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
        requireOpen();
        return name.equals(StandardSocketOptions.SO_SNDBUF) ? name.type().cast(socket.sendBuffer()) : options.get(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return options.supported();
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException("a simulated channel has no socket adaptor");
    }

    // Readiness and closing.

    @Override
    public int poll() {
        return socket.poll();
    }

    @Override
    public int translate(int polled, int interest) {
        if ((polled & GONE) != 0) {
            return interest;
        }
        int satisfied = 0;
        if ((polled & IN) != 0 && isConnected()) {
            satisfied |= SelectionKey.OP_READ;
        }
        if ((polled & OUT) != 0) {
            satisfied |= isConnected() ? SelectionKey.OP_WRITE : pending ? SelectionKey.OP_CONNECT : 0;
        }
        return satisfied & interest;
    }

    /** A channel that is still registered only ends its stream; the rest waits for {@link #kill}, as in the JDK. */
    @Override
    protected void implCloseSelectableChannel() {
        if (!isRegistered()) {
            kill();
        } else if (isConnected() && !options.closesAbruptly()) {
            socket.shutdownOutput();
        }
    }

    @Override
    public void kill() {
        port.release();
        socket.close(options.closesAbruptly());
        network.descriptors().remove(this);
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // Only remembered: what would block throws.
    }

    private void requireConnected() throws ClosedChannelException {
        requireNonBlocking();
        if (!isConnected()) {
            throw new NotYetConnectedException();
        }
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
        return "TCP channel " + socket;
    }
}
