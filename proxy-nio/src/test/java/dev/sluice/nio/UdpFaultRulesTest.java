package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Direction;
import dev.sluice.FaultRule;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.DatagramPath;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules at work side by side, which know nothing of each other. */
class UdpFaultRulesTest {
    private static final int MANY = 300;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    /** What passes a rule that is alone. */
    private static List<Integer> alone(DatagramPath path, FaultRule rule) throws Exception {
        RunningFault running = path.under(rule);
        List<Integer> arrived = path.relay(MANY);
        running.close();
        return arrived;
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aRuleWorksOnWhatTheOneBeforeLetsThrough(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        FaultRule loss = path.rule(Fault.loss(0.3));
        List<Integer> expected = new ArrayList<>(alone(path, loss));
        for (int place = expected.size() / 4 * 4 - 1; place >= 0; place -= 4) {
            expected.remove(place);
        }
        path.under(loss);
        path.under(Fault.lossEvery(4));

        assertThat(path.relay(MANY)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void whatARuleChoosesStaysAsItWasWhenAnotherComesAndGoes(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        FaultRule loss = path.rule(Fault.loss(0.3), Fault.loss(0.1).inBurstsOf(3));
        List<Integer> expected = alone(path, loss);
        path.under(loss);

        List<Integer> arrived = new ArrayList<>(path.relay(0, MANY / 3));
        RunningFault other = path.under(path.rule(Fault.duplicate(0.5), Fault.corrupt(0)));
        for (int number : path.relay(MANY / 3, 2 * MANY / 3)) {
            if (arrived.get(arrived.size() - 1) != number) {
                arrived.add(number);
            }
        }
        other.close();
        arrived.addAll(path.relay(2 * MANY / 3, MANY));

        assertThat(arrived).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void undoingTheFirstRuleLeavesTheSecondWhereItWas(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault first = path.under(Fault.duplicate(0));
        path.under(Fault.lossEvery(3));

        List<Integer> arrived = new ArrayList<>(path.relay(0, 4));
        first.close();
        arrived.addAll(path.relay(4, 9));

        assertThat(arrived).containsExactly(0, 1, 3, 4, 6, 7);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void oneOfTwoEqualRulesIsUndoneAndTheOtherStays(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        FaultRule rule = path.rule(Fault.lossEvery(2));
        RunningFault first = path.under(rule);
        RunningFault second = path.under(rule);
        assertThat(path.relay(4)).containsExactly(0);
        first.close();
        first.close();
        assertThat(first.isRunning()).isFalse();

        assertThat(second.isRunning()).isTrue();
        assertThat(path.relay(4)).containsExactly(0, 2);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void twoRulesWithOneSeedChooseAlikeForWhatTheyMeet(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        FaultRule loss = path.rule(Fault.loss(0.5));
        List<Integer> once = alone(path, loss);
        path.under(loss);
        path.under(loss);

        List<Integer> twice = path.relay(MANY);

        List<Integer> expected = new ArrayList<>();
        for (int place : once) {
            if (place < once.size()) {
                expected.add(once.get(place));
            }
        }
        assertThat(twice).isEqualTo(expected);
    }
}
