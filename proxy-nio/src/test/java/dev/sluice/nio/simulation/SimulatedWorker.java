package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FaultRule;
import dev.sluice.FlowEnd;
import dev.sluice.ProxyListener;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.fault.Engagement;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.observe.Totals;
import dev.sluice.nio.route.Admission;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Life;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.route.Permits;
import dev.sluice.nio.socket.Sockets;
import dev.sluice.nio.tcp.TcpListener;
import dev.sluice.nio.tcp.TcpSettings;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Member;
import dev.sluice.nio.upstream.Names;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One worker of the real engine on the simulated network, turned by hand, with one route's lane. */
final class SimulatedWorker {
    private static final Duration LONG_AFTER = Duration.ofHours(3);
    private static final int BACKLOG = 16;
    private static final int TURNS_TO_REST = 50_000;

    /** What makes a name of an address. */
    static final String NAME = ".name";

    private final String what;
    private final SimulatedNetwork network;
    private final ManualClock clock = new ManualClock();
    private final BufferBudget budget;
    private final Worker worker;
    private final List<FlowEnd> ends = new ArrayList<>();
    private final Events events;
    private final Lane lane;

    SimulatedWorker(String what, SimulatedNetwork network, int permits) throws IOException {
        this(what, network, permits, new BufferBudget(1 << 20));
    }

    SimulatedWorker(String what, SimulatedNetwork network, int permits, BufferBudget budget) throws IOException {
        this.what = what;
        this.network = network;
        this.budget = budget;
        this.worker = new Worker(0, 1, new Sockets(network, true), clock, budget);
        this.events = new Events(new ProxyListener() {
            @Override
            public void flowEnded(FlowEnd end) {
                ends.add(end);
            }
        });
        Admission admission = new Admission(
                Route.tcp("simulated").listen(0).maxConnections(permits).to("127.0.0.1:1"),
                new Permits(Integer.MAX_VALUE));
        this.lane = new Lane("simulated", worker, admission, events);
    }

    /** Has the route accept at an address. */
    TcpListener listen(InetSocketAddress address, TcpRoute route, Group group) throws IOException {
        TcpListener listener = new TcpListener(
                sockets().listenStream(address, BACKLOG, (channel, place) -> {}),
                List.of(lane),
                TcpSettings.of(route, group, names(), null));
        listener.open();
        return listener;
    }

    Lane lane() {
        return lane;
    }

    Worker worker() {
        return worker;
    }

    Sockets sockets() {
        return worker.sockets();
    }

    /** Names that are an address and {@link #NAME}: they resolve to it at the next turn. */
    Names names() {
        return new Names(host -> List.of(InetAddress.getByName(host.replace(NAME, ""))), Runnable::run);
    }

    void turn() {
        worker.loop().runOnce();
    }

    void advance(Duration time) {
        clock.advance(time);
    }

    /** Puts a rule to work now. */
    ActiveRule begin(FaultRule rule, long seed) {
        long now = worker.loop().toClock(worker.loop().readClock());
        ActiveRule active = new ActiveRule(lane.route(), rule, seed, now);
        Map<Life, Engagement> chosen = new LinkedHashMap<>();
        for (Life life : lane.faults().begin(active)) {
            Engagement engagement = active.meet(life.flow(), true, lane.counters());
            if (engagement != null) {
                chosen.put(life, engagement);
            }
        }
        lane.faults().begin(chosen);
        return active;
    }

    long active() {
        return totals().active();
    }

    Totals totals() {
        return new Totals(List.of(lane.counters()));
    }

    /** With nobody left at the far ends, everything comes to its end by itself. */
    void rest() {
        network.faults(Faults.none());
        for (int turn = 0; active() > 0; turn++) {
            if (turn == TURNS_TO_REST) {
                throw new AssertionError(what + ": " + active() + " flows never end");
            }
            network.settle();
            turn();
            clock.advance(LONG_AFTER);
        }
    }

    /** Closes the listener and the loop, and checks that nothing is left of anything. */
    void closeAndCheck(Listener listener, Group group) {
        listener.retire();
        turn();
        turn();
        assertThat(listener.isClosed()).as(what).isTrue();
        worker.loop().end();
        network.settle();
        assertThat(network.leaks()).as(what).isEmpty();
        assertThat(network.spins())
                .as("%s: turns that found nothing to do", what)
                .isZero();
        assertThat(worker.buffers().inUse()).as("%s: buffers", what).isZero();
        assertThat(budget.held()).as("%s: budget", what).isZero();
        assertThat(lane.size()).as("%s: live flows", what).isZero();
        assertThat(totals().get(CloseReason.INTERNAL)).as("%s: defects", what).isZero();
        for (Member member : group.members()) {
            assertThat(member.active())
                    .as("%s: flows of %s", what, member.upstream())
                    .isZero();
        }
        checkEnds();
    }

    /** One event for each flow that ended, and one reason each. */
    private void checkEnds() {
        ends();
        assertThat(ends.stream().map(FlowEnd::reason).toList()).as(what).allMatch(reason -> reason != null);
        for (CloseReason reason : CloseReason.values()) {
            long told = ends.stream().filter(end -> end.reason() == reason).count();
            assertThat(told).as("%s: ended %s", what, reason).isEqualTo(totals().get(reason));
        }
    }

    /** The ends that were told so far. */
    List<FlowEnd> ends() {
        events.stop();
        events.run();
        return ends;
    }
}
