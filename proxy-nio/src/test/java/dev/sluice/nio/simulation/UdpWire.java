package dev.sluice.nio.simulation;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All UDP sockets of a network, and the datagrams between them, which keep their order. */
final class UdpWire {

    private final Chance chance;
    private final Hosts hosts;
    private final KernelBuffers buffers;
    private final Ports ports;
    private final List<SimulatedDatagramSocket> sockets = new ArrayList<>();
    private final Deque<Flight> flights = new ArrayDeque<>();
    private long overflows;

    private record Flight(Datagram datagram, SimulatedDatagramSocket sender) {}

    UdpWire(Chance chance, Hosts hosts, KernelBuffers buffers) {
        this.chance = chance;
        this.hosts = hosts;
        this.buffers = buffers;
        this.ports = new Ports(chance);
    }

    Ports ports() {
        return ports;
    }

    SimulatedDatagramSocket bind(InetSocketAddress asked, ChannelOptions options) throws BindException {
        int port = asked.getPort() == 0 ? ports.holdAny() : asked.getPort();
        if (port == Ports.NONE) {
            throw new BindException("Address already in use");
        }
        SimulatedDatagramSocket socket = new SimulatedDatagramSocket(
                new InetSocketAddress(asked.getAddress(), port), options, buffers.datagrams());
        for (SimulatedDatagramSocket other : sockets) {
            if (Hosts.overlap(other.local(), socket.local()) && !socket.mayShareWith(other)) {
                throw new BindException("Address already in use");
            }
        }
        if (asked.getPort() != 0) {
            ports.hold(port);
        }
        sockets.add(socket);
        return socket;
    }

    void close(SimulatedDatagramSocket socket) {
        if (sockets.remove(socket)) {
            ports.release(socket.local().getPort());
        }
    }

    /** What a socket that connects becomes bound to. */
    InetSocketAddress sourceOf(SimulatedDatagramSocket socket, InetSocketAddress to) {
        InetSocketAddress local = socket.local();
        return local.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(hosts.sourceFor(to), local.getPort())
                : local;
    }

    boolean isUnreachable(InetSocketAddress to) {
        return hosts.reach(to) == Reach.UNREACHABLE;
    }

    void send(SimulatedDatagramSocket sender, InetSocketAddress to, byte[] payload) {
        if (chance.occurs(Fault.DATAGRAM_LOST)) {
            return;
        }
        InetSocketAddress destination = hosts.destination(to);
        Flight flight = new Flight(new Datagram(sourceOf(sender, destination), destination, payload), sender);
        flights.addLast(flight);
        if (chance.occurs(Fault.DATAGRAM_DOUBLED)) {
            flights.addLast(flight);
        }
    }

    /** Everything under way arrives; {@code late} lets chance hold back the rest of the queue. */
    boolean step(boolean late) {
        boolean moved = false;
        for (int left = flights.size(); left > 0; left--) {
            moved = true;
            if (late && chance.occurs(Fault.LATE)) {
                break;
            }
            arrive(flights.removeFirst());
        }
        return moved;
    }

    private void arrive(Flight flight) {
        Datagram datagram = flight.datagram();
        Reach reach = hosts.reach(datagram.to());
        if (reach == Reach.SILENT || reach == Reach.UNREACHABLE) {
            return;
        }
        SimulatedDatagramSocket receiver = reach == Reach.REFUSED ? null : receiverOf(datagram.to(), datagram.from());
        if (receiver == null) {
            flight.sender().onUnreachable(datagram.to());
        } else if (!receiver.arrive(datagram)) {
            overflows++;
        }
    }

    /** The best match wins; among equals the last one bound, or with SO_REUSEPORT one chosen by the sender. */
    private @Nullable SimulatedDatagramSocket receiverOf(InetSocketAddress to, InetSocketAddress from) {
        List<SimulatedDatagramSocket> best = new ArrayList<>();
        int bestScore = 0;
        for (SimulatedDatagramSocket socket : sockets) {
            int score = hosts.leadsTo(socket.local(), to) ? socket.score(from) : -1;
            if (score > bestScore) {
                best.clear();
                bestScore = score;
            }
            if (score == bestScore) {
                best.add(socket);
            }
        }
        if (best.isEmpty()) {
            return null;
        }
        boolean shared = best.stream().allMatch(SimulatedDatagramSocket::sharesItsPort);
        return best.get(shared ? Math.floorMod(from.hashCode(), best.size()) : best.size() - 1);
    }

    long overflows() {
        return overflows;
    }
}
