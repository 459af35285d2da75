package dev.sluice.nio.simulation;

import java.net.BindException;
import java.net.InetSocketAddress;

/** The port that a dialling channel holds, and how it comes by one. */
final class LocalPort {

    private static final String IN_USE = "Address already in use";

    private final SimulatedNetwork network;
    private final SimulatedTcpSocket socket;
    private int port = Ports.NONE;

    LocalPort(SimulatedNetwork network, SimulatedTcpSocket socket) {
        this.network = network;
        this.socket = socket;
    }

    /** A bind that was asked for. */
    void bind(InetSocketAddress asked) throws BindException {
        hold(asked, IN_USE);
    }

    /** The bind that a connect brings with it, unless there was one; chance may pick the port that is dialled. */
    void bindForConnect(InetSocketAddress to) throws BindException {
        InetSocketAddress bound = socket.local();
        if (bound == null && isLonelyLoopback(to) && network.chance().occurs(Fault.CONNECT_TO_ITSELF)) {
            hold(to, IN_USE);
        } else if (bound == null) {
            hold(new InetSocketAddress(network.hosts().sourceFor(to), 0), "Cannot assign requested address");
        } else if (bound.getAddress().isAnyLocalAddress()) {
            socket.bind(new InetSocketAddress(network.hosts().sourceFor(to), bound.getPort()));
        }
    }

    private boolean isLonelyLoopback(InetSocketAddress to) {
        return to.getAddress().isLoopbackAddress() && network.tcp().listenerFor(to, to) == null;
    }

    private void hold(InetSocketAddress asked, String exhausted) throws BindException {
        Ports ports = network.tcp().ports();
        int chosen = asked.getPort() == 0 ? ports.holdAny() : asked.getPort();
        if (chosen == Ports.NONE) {
            throw new BindException(exhausted);
        }
        if (asked.getPort() != 0) {
            ports.hold(chosen);
        }
        port = chosen;
        socket.bind(new InetSocketAddress(asked.getAddress(), chosen));
    }

    void release() {
        if (port != Ports.NONE) {
            network.tcp().ports().release(port);
            port = Ports.NONE;
        }
    }
}
