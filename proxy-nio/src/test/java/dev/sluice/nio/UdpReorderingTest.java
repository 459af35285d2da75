package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Direction;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.DatagramPath;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams that come after others that were sent later. */
class UdpReorderingTest {
    private static final Duration LONG = Duration.ofHours(1);

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    /** So many under the fault, and then those that still waited. */
    private static List<Integer> arrivals(DatagramPath path, Fault reordering, int count) throws Exception {
        RunningFault running = path.under(reordering);
        List<Integer> arrived = new ArrayList<>(path.relay(count));
        running.close();
        while (arrived.size() < count) {
            arrived.add(Integer.parseInt(path.receive()));
        }
        return arrived;
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void someComeAfterTheNextAndNoneIsLostOrDoubled(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        Fault reordering = Fault.reorder(0.2).longest(LONG);

        List<Integer> arrived = arrivals(path, reordering, 1_000);

        assertThat(arrived).containsExactlyInAnyOrderElementsOf(DatagramPath.all(1_000));
        int late = 0;
        for (int place = 0; place < 1_000; place++) {
            assertThat(place - arrived.get(place)).isBetween(-1, 1);
            late += place > arrived.get(place) ? 1 : 0;
        }
        // Of those picked, the one in five that the next is picked behind comes in its place.
        assertThat(late).isBetween(130, 190);
        assertThat(arrivals(path, reordering, 1_000)).as("the same again").isEqualTo(arrived);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void asManyGoFirstAsTheDistanceSays(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);

        List<Integer> arrived = arrivals(path, Fault.reorder(0.05).distance(4).longest(LONG), 1_000);

        assertThat(arrived).containsExactlyInAnyOrderElementsOf(DatagramPath.all(1_000));
        int latest = 0;
        for (int place = 0; place < 1_000; place++) {
            latest = Math.max(latest, place - arrived.get(place));
        }
        assertThat(latest).isEqualTo(4);
    }

    /** Where each lets the next go first they come as they were sent, but later. */
    @ParameterizedTest
    @EnumSource(Direction.class)
    void whereAllArePickedEachComesWithTheOneThatItWaitsFor(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.counted(udp, direction);
        RunningFault running = path.under(Fault.reorder(1).distance(2).longest(LONG));

        assertThat(path.relay(2)).isEmpty();
        assertThat(path.relay(2, 5)).containsExactly(0, 1, 2);

        running.close();
        path.expect("3", "4");
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void whoWaitsForNobodyComesAfterTheLongestTime(Direction direction) throws Exception {
        DatagramPath path = DatagramPath.open(udp, direction);
        Duration longest = Duration.ofMillis(80);
        path.under(Fault.reorder(1).distance(3).longest(longest));

        for (int i = 0; i < 3; i++) {
            long begun = System.nanoTime();
            path.send("last").expect("last");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(longest);
        }
        path.send("a").send("b").expect("a", "b");
        assertThat(path.proxy().server().metrics().bufferBytesHeld()).isZero();
    }
}
