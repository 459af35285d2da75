package dev.sluice.nio.simulation;

import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A bound UDP socket as the kernel keeps it. */
final class SimulatedDatagramSocket {

    private final ChannelOptions options;
    private final int capacity;
    private final Deque<Datagram> unread = new ArrayDeque<>();
    private InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private boolean unreachable;

    SimulatedDatagramSocket(InetSocketAddress local, ChannelOptions options, int capacity) {
        this.local = local;
        this.options = options;
        this.capacity = capacity;
    }

    InetSocketAddress local() {
        return local;
    }

    @Nullable
    InetSocketAddress remote() {
        return remote;
    }

    /** From now on only datagrams of that address arrive, and the local address is the one it is reached from. */
    void connect(InetSocketAddress to, InetSocketAddress from) {
        remote = to;
        local = from;
    }

    void disconnect(InetSocketAddress boundTo) {
        remote = null;
        local = boundTo;
        unreachable = false;
    }

    boolean mayShareWith(SimulatedDatagramSocket other) {
        return options.isOn(StandardSocketOptions.SO_REUSEADDR)
                        && other.options.isOn(StandardSocketOptions.SO_REUSEADDR)
                || sharesItsPort() && other.sharesItsPort();
    }

    boolean sharesItsPort() {
        return options.isOn(StandardSocketOptions.SO_REUSEPORT);
    }

    /** How well this socket suits a datagram that leads here; negative when it does not. */
    int score(InetSocketAddress from) {
        if (remote != null && !remote.equals(from)) {
            return -1;
        }
        return (remote == null ? 0 : 2) + (local.getAddress().isAnyLocalAddress() ? 0 : 1);
    }

    /** False when the queue is full. */
    boolean arrive(Datagram datagram) {
        return unread.size() < capacity && unread.add(datagram);
    }

    /** An ICMP error is told to connected sockets only. */
    void onUnreachable(InetSocketAddress to) {
        if (to.equals(remote)) {
            unreachable = true;
        }
    }

    /** Throws an error that came back for something sent earlier, once. */
    void checkReachable() throws PortUnreachableException {
        if (unreachable) {
            unreachable = false;
            throw new PortUnreachableException();
        }
    }

    @Nullable
    Datagram receive() {
        return unread.pollFirst();
    }

    void flush() {
        unread.clear();
    }

    int poll() {
        return (unread.isEmpty() ? 0 : SimulatedChannel.IN)
                | SimulatedChannel.OUT
                | (unreachable ? SimulatedChannel.GONE : 0);
    }
}
