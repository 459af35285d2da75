package dev.sluice.nio.simulation;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A listening channel of the code under test: the JDK's rules over a {@link SimulatedTcpListener}. */
final class SimulatedServerSocketChannel extends ServerSocketChannel implements SimulatedChannel {

    private final SimulatedNetwork network;
    private final ProtocolFamily family;
    private final ChannelOptions options;
    private @Nullable SimulatedTcpListener listener;

    SimulatedServerSocketChannel(SimulatedNetwork network, ProtocolFamily family, ChannelOptions options) {
        super(network);
        this.network = network;
        this.family = family;
        this.options = options;
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress asked, int backlog) throws IOException {
        requireOpen();
        if (listener != null) {
            throw new AlreadyBoundException();
        }
        listener = network.tcp()
                .listen(asked == null ? Hosts.wildcard(family) : Hosts.checked(asked, family), backlog, options);
        return this;
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        requireOpen();
        SimulatedTcpListener bound = listener;
        if (bound == null) {
            throw new NotYetBoundException();
        }
        if (isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        if (bound.waiting() == 0 || network.chance().occurs(Fault.ACCEPT_BLOCKED)) {
            return null;
        }
        if (!network.descriptors().available()) {
            throw new IOException(Descriptors.EXHAUSTED);
        }
        SimulatedTcpSocket accepted = bound.accept();
        return accepted == null ? null : network.accepted(family, accepted, options);
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        requireOpen();
        return listener == null ? null : listener.local();
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
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
    public ServerSocket socket() {
        throw new UnsupportedOperationException("a simulated channel has no socket adaptor");
    }

    @Override
    public int poll() {
        if (listener == null) {
            return OUT | GONE;
        }
        return listener.waiting() == 0 ? 0 : IN;
    }

    @Override
    public int translate(int polled, int interest) {
        return (polled & (IN | GONE)) == 0 ? 0 : interest & SelectionKey.OP_ACCEPT;
    }

    /** As long as it is registered the port stays taken, and clients connect. */
    @Override
    protected void implCloseSelectableChannel() {
        if (!isRegistered()) {
            kill();
        }
    }

    @Override
    public void kill() {
        if (listener != null) {
            network.tcp().close(listener);
            listener = null;
        }
        network.descriptors().remove(this);
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // Only remembered: what would block throws.
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public String toString() {
        return "listening channel " + (listener == null ? "not bound" : listener.local());
    }
}
