package dev.sluice.nio.simulation;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** An upstream server outside the code under test, played by the simulation. */
public final class PeerListener {

    private final TcpWire wire;
    private final SimulatedTcpListener listener;

    PeerListener(TcpWire wire, SimulatedTcpListener listener) {
        this.wire = wire;
        this.listener = listener;
    }

    public InetSocketAddress address() {
        return listener.local();
    }

    /** Connections established that nobody has accepted. */
    public int waiting() {
        return listener.waiting();
    }

    /** The next connection, or null. */
    public @Nullable Peer accept() {
        SimulatedTcpSocket accepted = listener.accept();
        return accepted == null ? null : new Peer(accepted);
    }

    /** From now on its address refuses, and those who wait are reset. */
    public void close() {
        wire.close(listener);
    }
}
