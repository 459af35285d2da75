package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.FaultRule;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.fault.Fault;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.tcp.TcpListener;
import dev.sluice.nio.upstream.Group;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** A stream in small pieces costs a system call each, and has a worker that others wait for. */
class SlicedStreamTest {
    private static final int BYTES = 60_000;
    private static final InetSocketAddress PROXY = new InetSocketAddress("10.0.0.1", 80);

    private final SimulatedNetwork network = new SimulatedNetwork(7, Faults.none(), KernelBuffers.roomy());
    private final BufferBudget budget = new BufferBudget(1 << 26);
    private final SimulatedWorker proxy = new SimulatedWorker("slices", network, 1, budget);
    private final PeerListener server = network.listen(new InetSocketAddress("10.0.1.1", 80));

    SlicedStreamTest() throws IOException {}

    @Test
    void aTurnCarriesFewOfThemAndTheNextGoesOn() throws IOException {
        TcpRoute route = Route.tcp("simulated").listen("10.0.0.1", 80).to("10.0.1.1:80");
        Group group = new Group(route.upstreams(), 1, change -> {});
        TcpListener listener = proxy.listen(PROXY, route, group);
        long now = proxy.worker().loop().toClock(proxy.worker().now());
        proxy.lane().faults().begin(new ActiveRule("simulated", FaultRule.toUpstream(Fault.slice(1)), 1, now));
        StreamActor sender = StreamActor.client(1, network.connect(PROXY), new byte[0]);
        network.settle();
        sender.write(BYTES);

        long before = 0;
        for (int turn = 0; before < BYTES; turn++) {
            assertThat(turn).as("turns").isLessThan(BYTES);
            network.settle();
            proxy.turn();
            long passed = proxy.totals().get(Counter.BYTES_TO_UPSTREAM);
            assertThat(passed - before).as("slices in one turn").isLessThan(1_000);
            before = passed;
        }

        network.settle();
        StreamActor receiver = StreamActor.upstream(2, server.accept(), null);
        receiver.read(Integer.MAX_VALUE);
        assertThat(receiver.reader().read()).isEqualTo(BYTES);
        sender.leaveAtLast();
        receiver.leaveAtLast();
        server.close();
        proxy.rest();
        proxy.closeAndCheck(listener, group);
    }
}
