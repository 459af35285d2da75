package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Direction;
import dev.sluice.DropReason;
import dev.sluice.FaultRule;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.DatagramPath;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults that lose datagrams. */
class UdpLossTest {
    private static final int MANY = 2_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRateOfZeroLosesNone(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        path.under(Fault.loss(0), Fault.loss(0).inBurstsOf(5));

        assertThat(path.relay(MANY)).isEqualTo(DatagramPath.all(MANY));
        assertThat(path.proxy().metrics().drops(DropReason.FAULT)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRateOfOneLosesAllAndCountsThem(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault loss = path.under(Fault.loss(1));
        assertThat(path.relay(200)).isEmpty();
        assertThat(loss.flows()).isOne();
        loss.close();

        assertThat(path.proxy().metrics().drops(DropReason.FAULT)).isEqualTo(200);
        path.send("after").expect("after");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void theShareLostIsNearTheRate(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        path.under(Fault.loss(0.2));

        int passed = path.relay(MANY).size();

        assertThat(passed).isBetween(MANY * 77 / 100, MANY * 83 / 100);
        assertThat(path.proxy().metrics().drops(DropReason.FAULT)).isEqualTo(MANY - passed);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void theSameSeedLosesTheSameAndAnotherSeedOthers(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        FaultRule rule = path.rule(Fault.loss(0.3), Fault.loss(0.1).inBurstsOf(3));
        List<Integer> first;
        long drawn;
        RunningFault running = path.under(rule);
        first = path.relay(500);
        drawn = running.seed();
        running.close();

        RunningFault again = path.under(rule.seed(drawn));
        assertThat(path.relay(500)).isEqualTo(first);
        assertThat(again.seed()).isEqualTo(drawn);
        again.close();
        path.under(rule.seed(drawn + 1));
        assertThat(path.relay(500)).isNotEqualTo(first);
    }

    /** What was drawn for a rule without a seed repeats it. */
    @ParameterizedTest
    @EnumSource(Direction.class)
    void theSeedThatIsToldRepeatsARuleThatWasGivenNone(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        FaultRule rule = direction == Direction.TO_CLIENT
                ? FaultRule.toClient(Fault.loss(0.5))
                : FaultRule.toUpstream(Fault.loss(0.5));
        List<Integer> first;
        long drawn;
        RunningFault running = path.under(rule);
        first = path.relay(200);
        drawn = running.seed();
        running.close();

        path.under(rule.seed(drawn));

        assertThat(path.relay(200)).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void burstsHaveTheirLengthAndTheirShare(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        path.under(Fault.loss(0.3).inBurstsOf(4));

        List<Integer> lost = DatagramPath.without(path.relay(MANY), MANY);

        assertThat(lost).hasSizeBetween(MANY * 24 / 100, MANY * 36 / 100);
        // One may begin right behind another.
        assertThat(runs(lost)).contains(4).allMatch(length -> length % 4 == 0);
    }

    /** How many are lost in a row each time, but for a row that may not be over. */
    private static List<Integer> runs(List<Integer> lost) {
        List<Integer> runs = new ArrayList<>();
        int length = 0;
        for (int i = 0; i < lost.size(); i++) {
            length++;
            boolean isLast = i + 1 == lost.size();
            if (isLast ? lost.get(i) < MANY - 1 : lost.get(i + 1) > lost.get(i) + 1) {
                runs.add(length);
                length = 0;
            }
        }
        return runs;
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void everySoManiethIsLost(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault third = path.under(Fault.lossEvery(3));
        assertThat(path.relay(10)).containsExactly(0, 1, 3, 4, 6, 7, 9);
        third.close();
        path.under(Fault.lossEvery(1));
        assertThat(path.relay(10)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void eachFaultOfARuleWorksOnWhatTheOneBeforeLetsThrough(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        path.under(Fault.lossEvery(2), Fault.lossEvery(2));

        assertThat(path.relay(8)).containsExactly(0, 4);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void datagramsAreLostThatATestPicksByTheirPayload(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.open(udp, direction);
        AtomicBoolean mayDoMore = new AtomicBoolean();
        path.under(Fault.lossIf(payload -> {
            boolean isAlone = payload.position() == 0 && payload.capacity() == payload.limit();
            mayDoMore.compareAndSet(false, !isAlone || !payload.isReadOnly());
            return isX(payload);
        }));

        path.send("x1").send("abc").send("").send("x2").send("def");

        path.expect("abc", "", "def");
        assertThat(path.proxy().metrics().drops(DropReason.FAULT)).isEqualTo(2);
        assertThat(mayDoMore).isFalse();
    }

    /** Reads all of it, which must not matter to what is relayed. */
    private static boolean isX(ByteBuffer payload) {
        boolean begins = payload.hasRemaining() && payload.get(payload.position()) == 'x';
        payload.position(payload.limit());
        return begins;
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void whatATestThrowsAtPassesAndIsCounted(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.open(udp, direction);
        path.under(Fault.lossIf(payload -> {
            if (payload.remaining() > 1) {
                throw new IllegalStateException("no opinion");
            }
            return true;
        }));

        path.send("one").send("x").send("two").expect("one", "two");

        assertThat(path.proxy().metrics().callbackFailures()).isEqualTo(2);
        assertThat(path.proxy().metrics().drops(DropReason.FAULT)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aBlackHoleLosesAllAsLongAsItIsThere(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault hole = path.under(Fault.blackHole());
        assertThat(path.relay(20)).isEmpty();
        hole.close();

        path.send("after").expect("after");
        assertThat(path.proxy().metrics().drops(DropReason.FAULT)).isEqualTo(20);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void theOtherDirectionIsNotTouched(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        path.under(Fault.blackHole());

        assertThat(path.back().relay(20)).isEqualTo(DatagramPath.all(20));
    }

    @Test
    void bothDirectionsChooseByThemselves() throws Exception {
        DatagramPath path = DatagramPath.counted(udp, Direction.TO_CLIENT);
        path.under(FaultRule.bothWays(Fault.loss(0.5)).seed(1));

        assertThat(path.relay(100)).isNotEqualTo(path.back().relay(100));
    }
}
