package dev.sluice.nio.simulation;

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A listening socket as the kernel keeps it: connections are established here before anybody accepts them. */
final class SimulatedTcpListener {

    private final InetSocketAddress local;
    private final int backlog;
    private final ChannelOptions options;
    private final Deque<SimulatedTcpSocket> waiting = new ArrayDeque<>();

    SimulatedTcpListener(InetSocketAddress local, int backlog, ChannelOptions options) {
        this.local = local;
        this.backlog = backlog;
        this.options = options;
    }

    InetSocketAddress local() {
        return local;
    }

    boolean sharesItsPort() {
        return options.isOn(StandardSocketOptions.SO_REUSEPORT);
    }

    boolean isFull() {
        return waiting.size() >= backlog;
    }

    void add(SimulatedTcpSocket socket) {
        waiting.addLast(socket);
    }

    int waiting() {
        return waiting.size();
    }

    @Nullable
    SimulatedTcpSocket accept() {
        return waiting.pollFirst();
    }

    /** Whoever still waits is reset. */
    void close() {
        for (SimulatedTcpSocket socket = accept(); socket != null; socket = accept()) {
            socket.close(true);
        }
    }
}
