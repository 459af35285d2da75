package dev.sluice.nio.simulation;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A UDP endpoint outside the code under test, a client or an upstream, played by the simulation. */
public final class UdpPeer {

    private final UdpWire wire;
    private final SimulatedDatagramSocket socket;
    private long sent;
    private long received;

    UdpPeer(UdpWire wire, SimulatedDatagramSocket socket) {
        this.wire = wire;
        this.socket = socket;
    }

    public InetSocketAddress address() {
        return socket.local();
    }

    public void send(byte[] payload, InetSocketAddress to) {
        sent++;
        wire.send(socket, to, payload.clone());
    }

    /** The next datagram that has arrived, or null. */
    public @Nullable Datagram receive() {
        Datagram datagram = socket.receive();
        if (datagram != null) {
            received++;
        }
        return datagram;
    }

    /** From now on its port is unreachable. */
    public void close() {
        wire.close(socket);
    }

    public long sent() {
        return sent;
    }

    public long received() {
        return received;
    }
}
