package dev.sluice.benchmarks.micro;

import dev.sluice.CloseReason;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.loop.Clock;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.route.Admission;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.route.Permits;
import dev.sluice.nio.socket.Sockets;
import dev.sluice.nio.upstream.Names;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A worker of the engine without a thread of its own, and one route's lane on it. */
final class TurnedWorker {
    /** As much as one route is given, so that nothing is ever refused. */
    private static final long BUDGET = 64L << 20;

    private final Worker worker;
    private final Lane lane;

    TurnedWorker() throws IOException {
        worker = new Worker(0, 1, Sockets.system(), Clock.system(), new BufferBudget(BUDGET));
        Admission admission =
                new Admission(Route.tcp("measured").listen(0).to("127.0.0.1:1"), new Permits(Integer.MAX_VALUE));
        lane = new Lane("measured", worker, admission, new Events(null));
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    Worker worker() {
        return worker;
    }

    Lane lane() {
        return lane;
    }

    Sockets sockets() {
        return worker.sockets();
    }

    /** No name is ever asked for: all upstreams are addresses. */
    Names names() {
        return new Names(host -> List.of(), Runnable::run);
    }

    void turn() {
        worker.loop().runOnce();
    }

    /** Ends the flows, then the listener and the loop. */
    void close(Listener listener) {
        lane.endFlows(Leaving.close(), CloseReason.SHUTDOWN);
        while (lane.size() > 0) {
            turn();
        }
        listener.retire();
        while (!listener.isClosed()) {
            turn();
        }
        worker.loop().end();
    }
}
