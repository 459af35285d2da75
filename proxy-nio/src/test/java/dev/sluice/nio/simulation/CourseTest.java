package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sluice.Direction;
import dev.sluice.FaultRule;
import dev.sluice.fault.Fault;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.fault.Course;
import dev.sluice.nio.fault.Engagement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the faults of a stream let its bytes through, on a clock that the test turns. */
class CourseTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final Duration TURN = Duration.ofMillis(1);
    private static final long SEED = 31;

    private final SimulatedNetwork network = new SimulatedNetwork(1);
    private final BufferBudget budget = new BufferBudget(64 * MEBIBYTE);
    private final SimulatedWorker proxy = new SimulatedWorker("a course", network, 1, budget);
    private final List<Course> courses = new ArrayList<>();
    private final Random random = new Random(SEED);

    CourseTest() throws IOException {}

    @AfterEach
    void nothingIsHeldOfACourseThatIsReleased() {
        courses.forEach(Course::release);
        assertThat(budget.held()).isZero();
    }

    private ActiveRule rule(Fault first, Fault... more) {
        long now = proxy.worker().loop().toClock(proxy.worker().now());
        return new ActiveRule("simulated", FaultRule.toClient(first, more), SEED, now);
    }

    private Course course(ActiveRule rule, long seed) {
        Course course = new Course(proxy.worker(), () -> {});
        course.add(new Engagement(rule, seed), Direction.TO_CLIENT, 0);
        courses.add(course);
        return course;
    }

    private Course course(Fault first, Fault... more) {
        return course(rule(first, more), SEED);
    }

    private void pass(Duration time) {
        proxy.advance(time);
        proxy.turn();
    }

    /** Takes all that is due, portion by portion. */
    private static List<Integer> take(Course course) {
        List<Integer> portions = new ArrayList<>();
        for (ByteBuffer due = course.due(); due != null; due = course.due()) {
            portions.add(due.remaining());
            due.position(due.limit());
        }
        return portions;
    }

    private static long takeBytes(Course course) {
        return take(course).stream().mapToLong(Integer::longValue).sum();
    }

    /** How much comes out in a time, of a source that always has more. */
    private long passed(Duration time, Course... all) {
        long passed = 0;
        for (long left = time.toMillis(); left > 0; left--) {
            pass(TURN);
            for (Course course : all) {
                while (course.room() > MEBIBYTE) {
                    course.take(ByteBuffer.allocate(1 + random.nextInt(100_000)));
                }
                passed += takeBytes(course);
            }
        }
        return passed;
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 65_536, 1_000_000, 100_000_000, 500_000_000})
    void aBandwidthIsKeptWithinThreePercentOverTwoSeconds(long bytesPerSecond) {
        long passed = passed(Duration.ofSeconds(2), course(Fault.bandwidth(bytesPerSecond)));

        assertThat(passed).isCloseTo(2 * bytesPerSecond, withinPercentage(3));
    }

    @Test
    void aSharedBandwidthIsKeptByAllTogetherAndSplitEvenly() {
        ActiveRule rule = rule(Fault.bandwidth(1_000_000).shared());
        Course one = course(rule, 1);
        Course two = course(rule, 2);

        long passed = passed(Duration.ofSeconds(2), one, two);

        assertThat(passed).isCloseTo(2_000_000L, withinPercentage(3));
    }

    @Test
    void aBandwidthDoesNotMakeUpForATimeInWhichNothingWasTaken() {
        Course course = course(Fault.bandwidth(1_000_000));
        passed(Duration.ofSeconds(1), course);

        pass(Duration.ofSeconds(2));

        assertThat(takeBytes(course)).isLessThanOrEqualTo(60_000);
    }

    @Test
    void aSmallMessageTakesItsTimeOnASlowLink() {
        Course course = course(Fault.bandwidth(1_000));
        course.take(ByteBuffer.allocate(100));

        long taken = 0;
        for (int milli = 0; milli < 100; milli++) {
            taken += takeBytes(course);
            pass(TURN);
        }

        assertThat(taken).isBetween(90L, 99L);
        assertThat(taken + takeBytes(course)).isEqualTo(100);
    }

    @Test
    void aLatencyIsKeptToTheTurn() {
        Course course = course(Fault.latency(Duration.ofMillis(100)));
        course.take(ByteBuffer.allocate(10));

        pass(Duration.ofMillis(99));
        assertThat(take(course)).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(take(course)).containsExactly(10);
    }

    /** In which millisecond each of many messages came out, ten milliseconds apart. */
    private List<Integer> arrivals(Course course) {
        List<Integer> arrivals = new ArrayList<>();
        for (int milli = 0; milli < 3_000; milli++) {
            if (milli % 10 == 0 && milli < 2_000) {
                course.take(ByteBuffer.allocate(7));
            }
            for (long left = takeBytes(course); left > 0; left -= 7) {
                arrivals.add(milli);
            }
            pass(TURN);
        }
        return arrivals;
    }

    @Test
    void aJitterIsWithinItsBoundsAndTheSameForTheSameSeed() {
        Fault jittery = Fault.latency(Duration.ofMillis(100)).jitter(Duration.ofMillis(50));

        List<Integer> arrivals = arrivals(course(rule(jittery), 1));

        assertThat(arrivals).hasSize(200).isSorted();
        for (int i = 0; i < arrivals.size(); i++) {
            assertThat(arrivals.get(i) - 10 * i).as("delay of message %d", i).isBetween(50, 151);
        }
        assertThat(arrivals(course(rule(jittery), 1))).isEqualTo(arrivals);
        assertThat(arrivals(course(rule(jittery), 2))).isNotEqualTo(arrivals);
    }

    @Test
    void anotherFaultDoesNotChangeWhatIsLeftToChance() {
        Fault jittery = Fault.latency(Duration.ofMillis(100)).jitter(Duration.ofMillis(50));
        List<Integer> alone = arrivals(course(rule(jittery), 1));

        Course both = course(rule(jittery), 1);
        both.add(new Engagement(rule(Fault.slice(3).variation(2)), 9), Direction.TO_CLIENT, 0);

        assertThat(arrivals(both)).isEqualTo(alone);
    }

    @Test
    void slicesEndInTheSamePlacesHoweverTheBytesCame() {
        Fault slicing = Fault.slice(100).variation(60);
        Course atOnce = course(slicing);
        atOnce.take(ByteBuffer.allocate(50_000));
        List<Integer> slices = take(atOnce);

        Course inParts = course(slicing);
        List<Integer> ends = new ArrayList<>();
        int place = 0;
        for (int left = 50_000; left > 0; ) {
            int part = Math.min(left, 1 + random.nextInt(700));
            left -= part;
            inParts.take(ByteBuffer.allocate(part));
            for (int portion : take(inParts)) {
                place += portion;
                ends.add(place);
            }
        }

        assertThat(slices).hasSizeGreaterThan(300);
        assertThat(slices.subList(0, slices.size() - 1)).allMatch(slice -> slice >= 40 && slice <= 160);
        int end = 0;
        for (int slice : slices) {
            end += slice;
            assertThat(ends).contains(end);
        }
    }

    @Test
    void slicesAreAsFarApartAsAsked() {
        Course course = course(Fault.slice(10).gap(Duration.ofMillis(5)));
        course.take(ByteBuffer.allocate(30));

        List<Integer> perMilli = new ArrayList<>();
        for (int milli = 0; milli <= 10; milli++) {
            perMilli.add((int) takeBytes(course));
            pass(TURN);
        }

        assertThat(perMilli).containsExactly(10, 0, 0, 0, 0, 10, 0, 0, 0, 0, 10);
    }

    @Test
    void manySmallPortionsDoNotOutgrowTheBound() {
        Course course = course(Fault.stall());

        long taken = 0;
        while (course.room() > 0) {
            course.take(ByteBuffer.allocate(1));
            taken++;
        }

        assertThat(budget.held()).isLessThanOrEqualTo(4 * MEBIBYTE);
        assertThat(taken).isLessThan(4 * MEBIBYTE / 100);
    }

    @Test
    void slicesThatWaitDoNotOutgrowTheBound() {
        Course course = course(Fault.slice(1), Fault.stall());
        course.take(ByteBuffer.allocate(MEBIBYTE));

        assertThat(take(course)).isEmpty();

        assertThat(budget.held()).isBetween(4L * MEBIBYTE, 6L * MEBIBYTE);
    }

    @Test
    void slicesBehindSlicesThatWaitComeToo() {
        Course course = course(Fault.slice(1), Fault.latency(Duration.ofMillis(5)));
        course.take(ByteBuffer.allocate(100_000));

        long passed = 0;
        for (int milli = 0; milli < 100; milli++) {
            pass(TURN);
            passed += takeBytes(course);
        }

        assertThat(passed).isEqualTo(100_000);
        assertThat(budget.held()).isZero();
    }

    @Test
    void aStrainedBudgetIsNotTakenMoreOf() {
        assertThat(budget.tryTake(40 * MEBIBYTE)).isTrue();
        Course course = course(Fault.stall());

        course.take(ByteBuffer.allocate(1_000));

        assertThat(course.room()).isZero();
        budget.give(40 * MEBIBYTE);
        assertThat(course.room()).isPositive();
    }
}
