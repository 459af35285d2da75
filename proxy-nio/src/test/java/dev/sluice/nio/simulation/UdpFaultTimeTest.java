package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.FaultRule;
import dev.sluice.Flow;
import dev.sluice.Route;
import dev.sluice.UdpRoute;
import dev.sluice.fault.Fault;
import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.udp.SharedPort;
import dev.sluice.nio.udp.UdpListener;
import dev.sluice.nio.udp.UdpSettings;
import dev.sluice.nio.upstream.Group;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When datagrams come that faults hold back, to the nanosecond, on a clock that is moved by hand. */
class UdpFaultTimeTest {
    private static final InetSocketAddress PROXY = new InetSocketAddress("10.0.0.1", 53);
    private static final InetSocketAddress SERVER = new InetSocketAddress("10.0.1.1", 53);
    private static final int MANY = 200;

    private SimulatedNetwork network;
    private SimulatedWorker proxy;
    private Group group;
    private UdpListener listener;
    private UdpPeer server;
    private UdpPeer client;

    @BeforeEach
    void start() throws IOException {
        network = new SimulatedNetwork(1);
        proxy = new SimulatedWorker("time of faults", network, 8);
        server = network.datagrams(SERVER);
        client = network.datagrams(new InetSocketAddress("10.1.0.1", 1_024));
        UdpRoute route = Route.udp("simulated")
                .listen("10.0.0.1", 53)
                .idleTimeout(Duration.ofHours(2))
                .to("10.0.1.1:53");
        group = new Group(route.upstreams(), 1, change -> {});
        listener = new SharedPort()
                .listener(
                        proxy.sockets().listenDatagram(PROXY, 1 << 16),
                        proxy.lane(),
                        UdpSettings.of(route, group, proxy.names(), null));
        listener.open();
    }

    @AfterEach
    void close() {
        proxy.rest();
        proxy.closeAndCheck(listener, group);
        assertThat(proxy.worker().timers().size()).as("timers").isZero();
    }

    private ActiveRule begin(FaultRule rule) {
        return proxy.begin(rule, 1);
    }

    private void pass() {
        network.settle();
        proxy.turn();
        network.settle();
    }

    private void send(int number) {
        client.send(new byte[] {(byte) number}, PROXY);
    }

    /** Those that have arrived, by number. */
    private List<Integer> arrived() {
        List<Integer> numbers = new ArrayList<>();
        for (Datagram next = server.receive(); next != null; next = server.receive()) {
            numbers.add(next.payload()[0] & 0xff);
        }
        return numbers;
    }

    @Test
    void aDatagramComesWhenItsDelayIsOverAndNotBefore() {
        begin(FaultRule.toUpstream(Fault.latency(Duration.ofMillis(100))));
        send(1);
        pass();
        proxy.advance(Duration.ofMillis(100).minusNanos(1));
        pass();
        assertThat(arrived()).isEmpty();

        proxy.advance(Duration.ofNanos(1));
        pass();

        assertThat(arrived()).containsExactly(1);
    }

    @Test
    void jitterIsSpreadOverItsRangeAndNeverOutsideIt() {
        begin(FaultRule.toUpstream(Fault.latency(Duration.ofMillis(100)).jitter(Duration.ofMillis(40))));
        for (int i = 0; i < MANY; i++) {
            send(i);
            pass();
        }
        proxy.advance(Duration.ofMillis(60).minusNanos(1));
        pass();
        assertThat(arrived()).isEmpty();

        List<Integer> numbers = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (int eighth = 0; eighth < 8; eighth++) {
            proxy.advance(Duration.ofMillis(10));
            pass();
            List<Integer> some = arrived();
            counts.add(some.size());
            numbers.addAll(some);
        }

        assertThat(numbers)
                .hasSize(MANY)
                .doesNotHaveDuplicates()
                .isNotEqualTo(numbers.stream().sorted().toList());
        assertThat(counts).allMatch(count -> count > MANY / 16 && count < MANY / 5);
    }

    /** A turn may take a while: what comes late in it is not measured from its beginning. */
    @Test
    void theDelayBeginsWhenTheDatagramIsReadNotWithTheTurn() {
        begin(FaultRule.toUpstream(Fault.lossIf(payload -> {
            proxy.advance(Duration.ofMillis(10));
            return false;
        })));
        begin(FaultRule.toUpstream(Fault.latency(Duration.ofMillis(100))));
        send(1);
        send(2);
        pass();
        for (int number = 1; number <= 2; number++) {
            proxy.advance(Duration.ofMillis(number == 1 ? 90 : 10).minusNanos(1));
            pass();
            assertThat(arrived()).isEmpty();
            proxy.advance(Duration.ofNanos(1));
            pass();
            assertThat(arrived()).containsExactly(number);
        }
    }

    @Test
    void aRuleThatIsUndoneLeavesNoTimer() {
        send(0);
        pass();
        int before = proxy.worker().timers().size();
        ActiveRule slow = begin(FaultRule.bothWays(Fault.latency(Duration.ofHours(1)), Fault.reorder(1)));
        ActiveRule timed = begin(FaultRule.bothWays(Fault.stall()).during(Duration.ofHours(1)));
        send(1);
        pass();
        assertThat(proxy.worker().timers().size()).isEqualTo(before + 2);

        proxy.lane().faults().end(timed);
        proxy.lane().faults().end(slow);

        assertThat(proxy.worker().timers().size()).isEqualTo(before);
        pass();
        assertThat(arrived()).containsExactly(0, 1);
    }

    @Test
    void aSessionThatEndsLeavesNoTimer() {
        begin(FaultRule.toUpstream(Fault.latency(Duration.ofHours(1))));
        send(1);
        pass();
        assertThat(proxy.worker().timers().size()).isEqualTo(2);

        List<Flow> flows = new ArrayList<>();
        proxy.lane().collectInto(flows);
        flows.forEach(Flow::reset);
        pass();

        assertThat(proxy.worker().timers().size()).isZero();
        assertThat(arrived()).isEmpty();
    }

    /** The session may be idle for two hours. */
    @Test
    void aDatagramThatComesOutIsActivity() {
        begin(FaultRule.toUpstream(Fault.latency(Duration.ofMinutes(90))));
        send(1);
        pass();
        proxy.advance(Duration.ofMinutes(90));
        pass();
        Datagram request = server.receive();
        proxy.advance(Duration.ofMinutes(60));
        pass();

        server.send(request.payload(), request.from());
        pass();

        assertThat(client.receive()).isNotNull();
    }

    @Test
    void aTimeThatIsOverEndsARuleAndItAlone() {
        begin(FaultRule.toUpstream(Fault.stall()).during(Duration.ofMillis(100)));
        begin(FaultRule.toUpstream(Fault.lossEvery(2)));
        send(1);
        send(2);
        send(3);
        pass();
        proxy.advance(Duration.ofMillis(100).minusNanos(1));
        pass();
        assertThat(arrived()).isEmpty();

        proxy.advance(Duration.ofNanos(1));
        pass();

        assertThat(arrived()).containsExactly(1, 3);
    }
}
