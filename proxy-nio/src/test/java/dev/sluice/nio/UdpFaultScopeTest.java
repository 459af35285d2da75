package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Direction;
import dev.sluice.FaultRule;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.DatagramPath;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which sessions a rule is for, and for how long. */
class UdpFaultScopeTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);
    private UdpPeer upstream;
    private StartedProxy proxy;

    @BeforeEach
    void start() throws Exception {
        upstream = udp.peer();
        proxy = udp.start(builder -> builder.workers(2), Udp.route().to(upstream.hostPort()));
    }

    private DatagramPath open(Direction direction) throws Exception {
        return DatagramPath.open(udp, proxy, upstream, direction);
    }

    /** Rules that lose what begins with an x, so that the rest shows that it is lost rather than late. */
    private static FaultRule losing(DatagramPath path) {
        return path.rule(Fault.lossIf(payload -> payload.get(0) == 'x'));
    }

    private static boolean isLossy(DatagramPath path) throws Exception {
        String first = path.send("x").send("then").receive();
        if (first.equals("x")) {
            path.expect("then");
        }
        return first.equals("then");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRuleIsForAllSessionsUnlessMoreIsSaid(Direction direction) throws Exception {
        DatagramPath live = open(direction);
        RunningFault loss = live.under(losing(live));
        DatagramPath later = open(direction);

        assertThat(isLossy(live)).isTrue();
        assertThat(isLossy(later)).isTrue();
        assertThat(loss.flows()).isEqualTo(2);
        loss.close();
        assertThat(isLossy(live)).isFalse();
        assertThat(isLossy(later)).isFalse();
        assertThat(isLossy(open(direction))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRuleIsForTheSessionsThatItsTestIsTrueFor(Direction direction) throws Exception {
        DatagramPath one = open(direction);
        DatagramPath other = open(direction);
        int port = one.client().address().getPort();
        AtomicInteger asked = new AtomicInteger();
        RunningFault loss = one.under(losing(one).where(flow -> {
            asked.incrementAndGet();
            return flow.info().client().getPort() == port;
        }));

        assertThat(isLossy(one)).isTrue();
        assertThat(isLossy(other)).isFalse();
        assertThat(isLossy(other)).isFalse();
        assertThat(isLossy(open(direction))).isFalse();
        assertThat(asked).as("once for each").hasValue(3);
        assertThat(loss.flows()).isOne();
    }

    @Test
    void aTestThatThrowsCountsAsANo() throws Exception {
        DatagramPath path = open(Direction.TO_CLIENT);
        path.under(losing(path).where(flow -> {
            throw new IllegalStateException("no opinion");
        }));

        assertThat(isLossy(path)).isFalse();
        assertThat(proxy.metrics().callbackFailures()).isOne();
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRuleForLiveSessionsIsNotForLaterOnes(Direction direction) throws Exception {
        DatagramPath live = open(direction);
        live.under(losing(live).liveFlows());

        assertThat(isLossy(live)).isTrue();
        assertThat(isLossy(open(direction))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRuleForNewSessionsIsNotForThoseThatLive(Direction direction) throws Exception {
        DatagramPath live = open(direction);
        live.under(losing(live).newFlows());

        assertThat(isLossy(live)).isFalse();
        assertThat(isLossy(open(direction))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRuleForTheFirstFewIsNotForThoseAfterThem(Direction direction) throws Exception {
        DatagramPath first = open(direction);
        RunningFault loss = first.under(losing(first).first(3));
        List<Boolean> lossy = new ArrayList<>();
        lossy.add(isLossy(first));
        for (int i = 0; i < 5; i++) {
            lossy.add(isLossy(open(direction)));
        }

        assertThat(lossy).containsExactly(true, true, true, false, false, false);
        assertThat(loss.flows()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aShareOfSessionsIsDrawnOnceForEachAndKept(Direction direction) throws Exception {
        List<DatagramPath> paths = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            paths.add(open(direction));
        }
        RunningFault loss = paths.get(0).under(losing(paths.get(0)).probability(0.5));

        List<Boolean> lossy = new ArrayList<>();
        for (DatagramPath path : paths) {
            lossy.add(isLossy(path));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < paths.size(); i++) {
                assertThat(isLossy(paths.get(i))).isEqualTo(lossy.get(i));
            }
        }

        assertThat(lossy.stream().filter(is -> is).count()).isBetween(10L, 30L).isEqualTo(loss.flows());
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aShareOfZeroIsNoneAndOfOneIsAll(Direction direction) throws Exception {
        DatagramPath path = open(direction);
        RunningFault never = path.under(losing(path).probability(0));
        for (int i = 0; i < 10; i++) {
            assertThat(isLossy(open(direction))).isFalse();
        }
        never.close();
        path.under(losing(path).probability(1));
        for (int i = 0; i < 10; i++) {
            assertThat(isLossy(open(direction))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRuleWithATimeEndsByItself(Direction direction) throws Exception {
        DatagramPath path = open(direction);
        Duration time = Duration.ofMillis(100);
        long begun = System.nanoTime();
        RunningFault stall = path.under(path.rule(Fault.stall()).during(time));

        path.send("held").expect("held");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(time);
        Await.until("it is over", () -> !stall.isRunning());
        assertThat(proxy.route().faults().running()).isEmpty();
        path.send("free").expect("free");
        stall.close();
    }

    @Test
    void aRuleWithATimeMayBeUndoneBeforeIt() throws Exception {
        DatagramPath path = open(Direction.TO_CLIENT);
        RunningFault stall = path.under(path.rule(Fault.stall()).during(Duration.ofHours(1)));
        path.send("held");
        assertThat(stall.isRunning()).isTrue();

        stall.close();

        assertThat(stall.isRunning()).isFalse();
        path.expect("held");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void clearUndoesAllRules(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        path.under(Fault.stall());
        path.under(Fault.latency(Duration.ofHours(1)));
        path.under(Fault.lossEvery(2));
        assertThat(path.relay(3)).isEmpty();

        path.proxy().route().faults().clear();

        assertThat(path.proxy().route().faults().running()).isEmpty();
        // What the first has held goes through those behind it, which are undone after it.
        path.expect("0", "2").send("after").expect("after");
    }

    /** What is left of the one must not be taken for something of the other. */
    @Test
    void rulesForDifferentDirectionsAreUndoneInAnyOrder() throws Exception {
        DatagramPath path = open(Direction.TO_UPSTREAM);
        for (int i = 0; i < 2; i++) {
            RunningFault up = proxy.route().faults().toUpstream(Fault.stall());
            RunningFault down = proxy.route().faults().toClient(Fault.stall());
            path.send("up");
            path.back().send("down");
            (i == 0 ? down : up).close();
            (i == 0 ? up : down).close();
            path.expect("up");
            path.back().expect("down");
        }
    }

    @Test
    void aFaultOfStreamsIsRefused() {
        assertThatThrownBy(() -> proxy.route().faults().toClient(Fault.bandwidth(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not for UDP");
        assertThatThrownBy(() -> proxy.route().faults().toClient(Fault.rebind()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use it to upstream");
        assertThat(proxy.route().faults().running()).isEmpty();
    }
}
