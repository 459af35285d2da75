package dev.sluice;

import static dev.sluice.TestCandidates.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpstreamSelectorTest {
    /** Of every random spread below; a failure shows it. */
    private static final long SEED = 20_260_728;

    private static final int PICKS = 60_000;

    /** Five standard deviations of a share of a half, the widest there is, of that many picks. */
    private static final int CHANCE = 620;

    private final IntUnaryOperator chance = new SplittableRandom(SEED)::nextInt;

    static Stream<UpstreamSelector> selectors() {
        return Stream.of(
                UpstreamSelector.roundRobin(),
                UpstreamSelector.leastConnections(),
                UpstreamSelector.twoChoices(),
                UpstreamSelector.random(),
                UpstreamSelector.failover(),
                UpstreamSelector.sourceHash(),
                UpstreamSelector.sourceHash(1.25),
                UpstreamSelector.maglev(),
                UpstreamSelector.maglev(1_009, 1.25));
    }

    /** Each member's share, in percent of what all shares add up to, must be what is expected, but for chance. */
    private void assertShares(UpstreamSelector selector, TestCandidates candidates, int... percent) {
        int[] spread = candidates.spread(selector, PICKS);
        for (int i = 0; i < percent.length; i++) {
            assertThat(spread[i])
                    .as("member %d with %s, seed %d", i, selector, SEED)
                    .isCloseTo(PICKS / 100 * percent[i], within(percent[i] == 0 ? 0 : CHANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void onlyUsableMembersAreNamed(UpstreamSelector selector) {
        assertThat(new TestCandidates(5).unusable(0, 2, 3).spread(selector, 1_000))
                .satisfies(
                        spread -> assertThat(spread[0] + spread[2] + spread[3]).isZero());
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void theOnlyUsableOfManyMembersIsFound(UpstreamSelector selector) {
        TestCandidates one = new TestCandidates(100);
        for (int i = 0; i < 100; i++) {
            if (i != 63) {
                one.unusable(i);
            }
        }

        assertThat(one.spread(selector, 100)[63]).isEqualTo(100);
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void withNothingUsableTheAnswerIsNone(UpstreamSelector selector) {
        assertThat(selector.select(new TestCandidates(0), ANYONE)).isEqualTo(-1);
        assertThat(selector.select(new TestCandidates(1).unusable(0), ANYONE)).isEqualTo(-1);
        assertThat(selector.select(new TestCandidates(3).unusable(0, 1, 2), ANYONE))
                .isEqualTo(-1);
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void aPickAllocatesNothing(UpstreamSelector selector) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeThat(threads.isThreadAllocatedMemorySupported()).isTrue();
        threads.setThreadAllocatedMemoryEnabled(true);
        UpstreamSelector prepared = selector.prepare(TestCandidates.members(20));
        TestCandidates all = new TestCandidates(20);
        TestCandidates few =
                new TestCandidates(20).attempt(1).unusable(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 18);
        Runnable picks = () -> {
            for (int i = 0; i < 10_000; i++) {
                prepared.select(all, ANYONE);
                prepared.select(few, ANYONE);
            }
        };
        // the first picks load classes and link call sites
        picks.run();

        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        picks.run();
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        // one object a pick would be at least 16 bytes, 320,000 in all; the bean itself may take a few
        assertThat(allocated).isLessThan(10_000);
    }

    @Test
    void leastConnectionsTakesTheMemberWithTheFewestLiveFlows() {
        UpstreamSelector selector = new LeastConnections(chance);

        assertThat(selector.select(new TestCandidates(4).active(3, 2, 1, 2), ANYONE))
                .isEqualTo(2);
        assertThat(selector.select(new TestCandidates(4).active(3, 2, 1, 2).unusable(2, 1), ANYONE))
                .isEqualTo(3);
        assertThat(selector.select(
                        new TestCandidates(2)
                                .active(Integer.MAX_VALUE, Integer.MAX_VALUE)
                                .unusable(0),
                        ANYONE))
                .isEqualTo(1);
    }

    @Test
    void leastConnectionsPrefersNoneOfSeveralEquals() {
        assertShares(new LeastConnections(chance), new TestCandidates(4), 25, 25, 25, 25);
        assertShares(
                new LeastConnections(chance),
                new TestCandidates(5).active(1, 0, 0, 1, 0).unusable(2),
                0,
                50,
                0,
                0,
                50);
    }

    @Test
    void randomTakesEveryUsableMemberAsOften() {
        assertShares(new RandomChoice(chance), new TestCandidates(4), 25, 25, 25, 25);
        assertShares(new RandomChoice(chance), new TestCandidates(4).unusable(1), 33, 0, 33, 33);
    }

    @Test
    void randomIsAsFairWhenNextToNothingIsUsable() {
        TestCandidates two = new TestCandidates(50);
        int[] percent = new int[50];
        for (int i = 0; i < 50; i++) {
            if (i != 11 && i != 12) {
                two.unusable(i);
            } else {
                percent[i] = 50;
            }
        }

        assertShares(new RandomChoice(chance), two, percent);
        assertShares(new TwoChoices(chance), two, percent);
    }

    @Test
    void twoChoicesTakesTheLessLoadedOfTwoDifferentMembers() {
        // of the ten pairs among five members the least loaded one wins the four it is in, the next one three, and so
        // on
        assertShares(new TwoChoices(chance), new TestCandidates(5).active(4, 3, 2, 1, 0), 0, 10, 20, 30, 40);
        assertShares(new TwoChoices(chance), new TestCandidates(2).active(1, 0), 0, 100);
        assertShares(
                new TwoChoices(chance), new TestCandidates(4).active(2, 0, 1, 0).unusable(1), 0, 0, 33, 67);
    }

    @Test
    void twoChoicesPrefersNoneOfSeveralEquals() {
        assertShares(new TwoChoices(chance), new TestCandidates(5), 20, 20, 20, 20, 20);
        assertShares(new TwoChoices(chance), new TestCandidates(5).unusable(0, 4), 0, 33, 33, 33, 0);
    }

    @Test
    void failoverTakesTheFirstUsableMember() {
        UpstreamSelector selector = UpstreamSelector.failover();

        assertThat(selector.select(new TestCandidates(3).active(9, 0, 0), ANYONE))
                .isZero();
        assertThat(selector.select(new TestCandidates(3).unusable(0), ANYONE)).isEqualTo(1);
    }

    @Test
    void failoverTakesTheLowestPriorityThatHasAUsableMember() {
        UpstreamSelector selector = UpstreamSelector.failover();
        List<Upstream> members = List.of(
                Upstream.of("c:1").priority(2), Upstream.of("b:1").priority(1), Upstream.of("a:1"), Upstream.of("a:2"));

        assertThat(selector.select(new TestCandidates(members), ANYONE)).isEqualTo(2);
        assertThat(selector.select(new TestCandidates(members).unusable(2), ANYONE))
                .isEqualTo(3);
        assertThat(selector.select(new TestCandidates(members).unusable(2, 3), ANYONE))
                .isEqualTo(1);
        assertThat(selector.select(new TestCandidates(members).unusable(1, 2, 3), ANYONE))
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("byChance")
    void chanceFollowsTheWeights(Function<IntUnaryOperator, UpstreamSelector> factory) {
        List<Upstream> members = weighted(10, 0, 60, 30);
        UpstreamSelector selector = factory.apply(chance);

        assertShares(selector.prepare(members), new TestCandidates(members), 10, 0, 60, 30);
        assertShares(selector, new TestCandidates(members), 10, 0, 60, 30);
        assertShares(selector.prepare(members), new TestCandidates(members).unusable(2), 25, 0, 0, 75);
    }

    static Stream<Function<IntUnaryOperator, UpstreamSelector>> byChance() {
        return Stream.of(RandomChoice::new, TwoChoices::new, LeastConnections::new);
    }

    @Test
    void leastConnectionsComparesFlowsForTheirWeight() {
        UpstreamSelector selector = UpstreamSelector.leastConnections();
        List<Upstream> members = weighted(700, 300);

        assertThat(selector.select(new TestCandidates(members).active(7, 2), ANYONE))
                .isEqualTo(1);
        assertThat(selector.select(new TestCandidates(members).active(6, 3), ANYONE))
                .isZero();
    }

    @Test
    void twoChoicesComparesFlowsForTheirWeight() {
        UpstreamSelector selector = UpstreamSelector.twoChoices();
        List<Upstream> members = weighted(700, 300);

        assertThat(new TestCandidates(members).active(7, 2).spread(selector, 100))
                .containsExactly(0, 100);
        assertThat(new TestCandidates(members).active(6, 3).spread(selector, 100))
                .containsExactly(100, 0);
    }

    private static List<Upstream> weighted(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> Upstream.of("u" + i + ":1").weight(weights[i]))
                .toList();
    }

    @Test
    void aSelectorThatDependsOnNoSetIsItsOwnPreparedForm() {
        UpstreamSelector selector = (candidates, flow) -> 0;

        assertThat(selector.prepare(List.of())).isSameAs(selector);
    }

    @Test
    void theFirstUsableMemberThatMatchesIsFoundAndNoUnusableOneIsAskedAbout() {
        TestCandidates candidates = new TestCandidates(4).unusable(1);
        List<String> asked = new ArrayList<>();

        assertThat(candidates.first(upstream -> {
                    asked.add(upstream.id());
                    return upstream.id().equals("u2:1");
                }))
                .isEqualTo(2);
        assertThat(asked).containsExactly("u0:1", "u2:1");
        assertThat(candidates.first(upstream -> upstream.id().equals("u1:1"))).isEqualTo(-1);
        assertThat(candidates.first(upstream -> upstream.id().equals("none"))).isEqualTo(-1);
    }
}
