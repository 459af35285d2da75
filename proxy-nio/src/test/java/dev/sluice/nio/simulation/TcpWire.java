package dev.sluice.nio.simulation;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All TCP sockets and listeners of a network, and what lies between them. */
final class TcpWire {

    private static final int LARGEST_BACKLOG = 4_096;
    private static final int DEFAULT_BACKLOG = 50;

    private final Chance chance;
    private final Hosts hosts;
    private final KernelBuffers buffers;
    private final Ports ports;
    private final List<SimulatedTcpListener> listeners = new ArrayList<>();
    private final List<SimulatedTcpSocket> sockets = new ArrayList<>();

    TcpWire(Chance chance, Hosts hosts, KernelBuffers buffers) {
        this.chance = chance;
        this.hosts = hosts;
        this.buffers = buffers;
        this.ports = new Ports(chance);
    }

    KernelBuffers buffers() {
        return buffers;
    }

    Ports ports() {
        return ports;
    }

    SimulatedTcpSocket newSocket() {
        return new SimulatedTcpSocket(this, buffers);
    }

    // Listening.

    SimulatedTcpListener listen(InetSocketAddress asked, int backlog, ChannelOptions options) throws BindException {
        int port = asked.getPort() == 0 ? ports.holdAny() : asked.getPort();
        if (port == Ports.NONE) {
            throw new BindException("Address already in use");
        }
        int bounded = backlog < 1 ? DEFAULT_BACKLOG : Math.min(backlog, LARGEST_BACKLOG);
        SimulatedTcpListener listener =
                new SimulatedTcpListener(new InetSocketAddress(asked.getAddress(), port), bounded, options);
        for (SimulatedTcpListener other : listeners) {
            boolean shared = other.sharesItsPort() && listener.sharesItsPort();
            if (!shared && Hosts.overlap(other.local(), listener.local())) {
                throw new BindException("Address already in use");
            }
        }
        if (asked.getPort() != 0) {
            ports.hold(port);
        }
        listeners.add(listener);
        return listener;
    }

    void close(SimulatedTcpListener listener) {
        listeners.remove(listener);
        ports.release(listener.local().getPort());
        listener.close();
    }

    /** The listener that gets a connection: of several on one port always the same for one client. */
    @Nullable
    SimulatedTcpListener listenerFor(InetSocketAddress to, InetSocketAddress from) {
        List<SimulatedTcpListener> exact = new ArrayList<>();
        List<SimulatedTcpListener> wildcard = new ArrayList<>();
        for (SimulatedTcpListener listener : listeners) {
            if (hosts.leadsTo(listener.local(), to)) {
                (listener.local().getAddress().isAnyLocalAddress() ? wildcard : exact).add(listener);
            }
        }
        List<SimulatedTcpListener> candidates = exact.isEmpty() ? wildcard : exact;
        return candidates.isEmpty() ? null : candidates.get(Math.floorMod(from.hashCode(), candidates.size()));
    }

    // Connecting.

    void dial(SimulatedTcpSocket socket, InetSocketAddress to, Reach fate) {
        socket.dial(hosts.destination(to), fate);
        sockets.add(socket);
    }

    /** Decides a connect if it can be decided now. */
    boolean handshake(SimulatedTcpSocket dialler) {
        InetSocketAddress to = dialler.remote();
        InetSocketAddress from = dialler.local();
        if (to == null || from == null) {
            throw new IllegalStateException("not dialling: " + dialler);
        }
        Reach reach = dialler.fate() == Reach.OPEN ? hosts.reach(to) : dialler.fate();
        SimulatedTcpListener listener = listenerFor(to, from);
        if (reach == Reach.SILENT || reach == Reach.OPEN && listener != null && listener.isFull()) {
            return false;
        }
        if (reach == Reach.UNREACHABLE) {
            dialler.failDial(SocketError.UNREACHABLE);
        } else if (from.equals(to)) {
            dialler.establish(dialler, from, to);
        } else if (reach == Reach.REFUSED || listener == null) {
            dialler.failDial(SocketError.REFUSED);
        } else {
            SimulatedTcpSocket accepted = newSocket();
            dialler.establish(accepted, from, to);
            accepted.establish(dialler, to, from);
            sockets.add(accepted);
            listener.add(accepted);
        }
        return true;
    }

    // Moving.

    /** Everything that can move does, at most one segment each way; {@code late} lets chance hold some back. */
    boolean step(boolean late) {
        boolean moved = false;
        List<SimulatedTcpSocket> busy = new ArrayList<>();
        for (SimulatedTcpSocket socket : sockets) {
            if (socket.hasSomethingUnderWay()) {
                busy.add(socket);
            }
        }
        chance.shuffle(busy);
        for (SimulatedTcpSocket socket : busy) {
            if (late && chance.occurs(Fault.LATE)) {
                moved = true;
                continue;
            }
            moved |= socket.isDialled() ? socket.advance(chance, buffers.segment()) : handshake(socket);
        }
        sockets.removeIf(SimulatedTcpSocket::isFinished);
        return moved;
    }

    /** Forgets a socket that has nothing left to do. */
    void tidy(SimulatedTcpSocket socket) {
        if (socket.isFinished()) {
            sockets.remove(socket);
        }
    }

    int sockets() {
        return sockets.size();
    }
}
