package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.tcp.TcpListener;
import dev.sluice.nio.upstream.Group;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** How much is read at once for a receiver that is as fast as the sender, and what that leaves when it is no more. */
class KeepingUpTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final InetSocketAddress PROXY = new InetSocketAddress("10.0.0.1", 80);
    private static final InetSocketAddress UPSTREAM = new InetSocketAddress("10.0.1.1", 80);

    private final SimulatedNetwork network = new SimulatedNetwork(
            7, Faults.none(), new KernelBuffers(4 * MEBIBYTE, 1, 3 * MEBIBYTE + 12_345, 2 * MEBIBYTE, 1));
    private final BufferBudget budget = new BufferBudget(64 * MEBIBYTE);
    private final SimulatedWorker proxy = new SimulatedWorker("keeping up", network, 1, budget);
    private final Group group;
    private final TcpListener listener;
    private final PeerListener server = network.listen(UPSTREAM);
    private final StreamActor sender;
    private final StreamActor receiver;
    private long mostHeld;

    KeepingUpTest() throws IOException {
        TcpRoute route = Route.tcp("simulated").listen("10.0.0.1", 80).to("10.0.1.1:80");
        group = new Group(route.upstreams(), 1, change -> {});
        listener = proxy.listen(PROXY, route, group);
        sender = StreamActor.client(1, network.connect(PROXY), new byte[0]);
        go();
        receiver = StreamActor.upstream(2, server.accept(), null);
    }

    private void go() {
        for (int i = 0; i < 4; i++) {
            network.settle();
            proxy.turn();
            mostHeld = Math.max(mostHeld, budget.held());
        }
    }

    private void keepUp(int mebibytes) {
        long until = receiver.peer().received() + (long) mebibytes * MEBIBYTE;
        while (receiver.peer().received() < until) {
            sender.write(2 * MEBIBYTE);
            go();
            receiver.read(Integer.MAX_VALUE);
            assertThat(budget.held()).as("held while the receiver keeps up").isZero();
        }
    }

    /** Says how much was held at most until nothing moved any more. */
    private long stall() {
        mostHeld = 0;
        while (sender.peer().unsent() == 0) {
            sender.write(2 * MEBIBYTE);
            go();
        }
        return mostHeld;
    }

    private void catchUp() {
        while (receiver.peer().received() < sender.peer().sent()) {
            receiver.read(Integer.MAX_VALUE);
            go();
        }
    }

    @Test
    void aReceiverThatNeverKeptUpIsHeldLittleFor() {
        assertThat(stall()).isEqualTo(Buffers.LARGE);
        end();
    }

    @Test
    void aReceiverThatKeptUpIsHeldMoreForAtItsFirstStallAlone() {
        keepUp(16);
        assertThat(stall()).isEqualTo(Buffers.HUGE);

        receiver.read(3 * MEBIBYTE);
        go();
        assertThat(stall()).isEqualTo(Buffers.LARGE);

        catchUp();
        keepUp(16);
        assertThat(stall()).isEqualTo(Buffers.HUGE);
        end();
    }

    /** Every byte has been compared on its way; what is left must come, and nothing stay behind. */
    private void end() {
        catchUp();
        assertThat(receiver.reader().knowsWhose()).isTrue();
        sender.leaveAtLast();
        receiver.leaveAtLast();
        server.close();
        proxy.rest();
        proxy.closeAndCheck(listener, group);
    }
}
