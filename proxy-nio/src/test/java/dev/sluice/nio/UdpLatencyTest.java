package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Direction;
import dev.sluice.DropReason;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.DatagramPath;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults that hold datagrams back. */
class UdpLatencyTest {
    private static final Duration LONG = Duration.ofHours(1);

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private static void assertHolding(DatagramPath path, int count) {
        path.proxy().awaitTurn();
        // What one takes beside its bytes is the engine's to say.
        assertThat(path.proxy().server().metrics().bufferBytesHeld()).as("held").isGreaterThanOrEqualTo(count);
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void noDatagramComesBeforeTheDelay(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.open(udp, direction);
        Duration delay = Duration.ofMillis(60);
        path.under(Fault.latency(delay));

        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            path.send("a" + i).send("b" + i).send("").expect("a" + i);
            assertThat(since(begun)).isGreaterThanOrEqualTo(delay);
            path.expect("b" + i, "");
        }
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void jitterTakesNoMoreThanItMayOffTheDelay(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.open(udp, direction);
        path.under(Fault.latency(Duration.ofMillis(60)).jitter(Duration.ofMillis(40)));
        List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(System.nanoTime());
            path.send(String.valueOf(i));
        }

        List<Integer> arrived = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = Integer.parseInt(path.receive());
            assertThat(since(sent.get(number))).isGreaterThanOrEqualTo(Duration.ofMillis(20));
            arrived.add(number);
        }

        assertThat(arrived)
                .isNotEqualTo(DatagramPath.all(100))
                .containsExactlyInAnyOrderElementsOf(DatagramPath.all(100));
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void whatALatencyHoldsComesAtOnceWhenItIsUndone(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault slow = path.under(Fault.latency(LONG));
        assertThat(path.relay(50)).isEmpty();
        assertHolding(path, 50);

        slow.close();

        for (int i = 0; i < 50; i++) {
            path.expect(String.valueOf(i));
        }
        assertThat(held(path)).isZero();
        assertThat(path.relay(10)).isEqualTo(DatagramPath.all(10));
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aStallHoldsAllAndThenAllComesInOrder(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault stall = path.under(Fault.stall());
        assertThat(path.relay(50)).isEmpty();
        assertHolding(path, 50);

        stall.close();

        for (int i = 0; i < 50; i++) {
            path.expect(String.valueOf(i));
        }
        assertThat(path.relay(10)).isEqualTo(DatagramPath.all(10));
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void whatIsBeyondFourMebibytesIsDroppedAndCounted(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.open(udp, direction);
        RunningFault stall = path.under(Fault.stall());
        for (int i = 0; i < 75; i++) {
            path.send(new byte[60_000]);
            int sent = i + 1;
            Await.until("it is held or dropped", () -> held(path) / 60_000 + dropped(path) == sent);
        }
        long before = path.relayed();
        // 69 of them are 4,140,000 B, and 70 are more than 4 MiB.
        assertThat(dropped(path)).isEqualTo(75 - 69);
        assertThat(held(path)).isLessThanOrEqualTo(4 << 20);

        stall.close();

        path.proxy().awaitTurn();
        assertThat(path.relayed() - before).isEqualTo(69);
        assertThat(held(path)).isZero();
    }

    private static long held(DatagramPath path) {
        return path.proxy().server().metrics().bufferBytesHeld();
    }

    private static long dropped(DatagramPath path) {
        return path.proxy().metrics().drops(DropReason.WAITING_LIMIT);
    }

    /** The second rule holds what the first lets go of when that is undone. */
    @ParameterizedTest
    @EnumSource(Direction.class)
    void whatOneRuleHeldGoesOnThroughTheNext(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault stall = path.under(Fault.stall());
        Duration delay = Duration.ofMillis(50);
        path.under(Fault.latency(delay));
        path.relay(10);
        assertHolding(path, 10);

        long begun = System.nanoTime();
        stall.close();

        path.expect("0");
        assertThat(since(begun)).isGreaterThanOrEqualTo(delay);
        path.expect("1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void whatASecondRuleHoldsIsNotTheFirstOnesToLetGo(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault first = path.under(Fault.stall());
        RunningFault second = path.under(Fault.latency(LONG));
        path.relay(5);

        first.close();
        assertThat(path.relay(5, 10)).isEmpty();
        assertHolding(path, 10);
        second.close();

        path.expect("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void latenciesAddUp(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.open(udp, direction);
        path.under(Fault.latency(Duration.ofMillis(40)), Fault.latency(Duration.ofMillis(30)));
        path.under(Fault.latency(Duration.ofMillis(20)));

        long begun = System.nanoTime();
        path.send("late").expect("late");

        assertThat(since(begun)).isGreaterThanOrEqualTo(Duration.ofMillis(90));
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void whatASessionHoldsWhenItEndsIsDroppedAndCounted(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        path.under(Fault.latency(LONG), Fault.stall());
        path.under(Fault.stall());
        path.relay(7);
        assertHolding(path, 7);

        Udp.endSessions(path.proxy());
        path.proxy().log().awaitEnd();

        assertThat(path.proxy().metrics().drops(DropReason.DRAINING)).isEqualTo(7);
        assertThat(held(path)).isZero();
    }
}
