package dev.sluice;

import static dev.sluice.TestCandidates.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest {
    private static final int THREADS = 4;

    private final UpstreamSelector selector = UpstreamSelector.roundRobin();

    private static int pick(UpstreamSelector selector, TestCandidates candidates) {
        return selector.select(candidates, ANYONE);
    }

    private static List<int[]> onAllThreads(Callable<int[]> work) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(THREADS);
        try {
            List<int[]> results = new ArrayList<>();
            for (Future<int[]> result : workers.invokeAll(Collections.nCopies(THREADS, work))) {
                results.add(result.get());
            }
            return results;
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void membersAreTakenInTheirOrder() {
        TestCandidates three = new TestCandidates(3);

        assertThat(List.of(pick(selector, three), pick(selector, three), pick(selector, three), pick(selector, three)))
                .containsExactly(0, 1, 2, 0);
    }

    @RepeatedTest(200)
    void eachMemberGetsExactlyItsShareOfTheFirstPicksOfAllWorkers() throws Exception {
        UpstreamSelector prepared = selector.prepare(TestCandidates.members(7));
        int[] total = new int[7];
        for (int[] spread : onAllThreads(() -> new TestCandidates(7).spread(prepared, 701))) {
            Arrays.setAll(total, i -> total[i] + spread[i]);
        }

        // 4 * 701 picks are 400 rounds and 4 picks more
        assertThat(total).containsExactly(401, 401, 401, 401, 400, 400, 400);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void theShareOfAnUnusableMemberIsSpreadEvenlyOverTheOthers(int down) {
        int[] spread = new TestCandidates(5).unusable(down).spread(selector, 400);

        for (int i = 0; i < 5; i++) {
            assertThat(spread[i]).isEqualTo(i == down ? 0 : 100);
        }
    }

    @Test
    void neighboursThatAreUnusableTogetherDoNotLoadTheNextOne() {
        assertThat(new TestCandidates(6).unusable(1, 2, 3).spread(selector, 300))
                .containsExactly(100, 0, 0, 0, 100, 100);
    }

    @Test
    void theOnlyUsableMemberIsFoundWhereverTheTurnIs() {
        TestCandidates last = new TestCandidates(3).unusable(0, 1);

        assertThat(last.spread(selector, 10)).containsExactly(0, 0, 10);
    }

    @Test
    void aRetryTakesTheNextUsableMemberAndDoesNotAdvanceTheTurn() {
        TestCandidates all = new TestCandidates(4);
        assertThat(pick(selector, all)).isEqualTo(0);

        TestCandidates retry = new TestCandidates(4).attempt(1).unusable(0, 1);
        assertThat(pick(selector, retry)).isEqualTo(2);
        assertThat(pick(selector, retry)).isEqualTo(2);
        assertThat(pick(selector, new TestCandidates(4).attempt(2).unusable(1, 2, 3)))
                .isEqualTo(0);

        assertThat(pick(selector, all)).isEqualTo(1);
    }

    @Test
    void withNothingUsableTheAnswerIsNoneAndTheNextPickStillWorks() {
        assertThat(pick(selector, new TestCandidates(0))).isEqualTo(-1);
        assertThat(pick(selector, new TestCandidates(2).unusable(0, 1))).isEqualTo(-1);
        assertThat(pick(selector, new TestCandidates(2).unusable(0, 1).attempt(1)))
                .isEqualTo(-1);
        assertThat(pick(selector, new TestCandidates(2))).isBetween(0, 1);
    }

    @RepeatedTest(200)
    void aUsableMemberIsFoundHoweverTheTurnsOfOtherWorkersFall() throws Exception {
        assertThat(onAllThreads(() -> new TestCandidates(5).unusable(0, 1, 2, 4).spread(selector, 500)))
                .hasSize(THREADS)
                .allSatisfy(spread -> assertThat(spread).containsExactly(0, 0, 0, 500, 0));
    }

    @Test
    void twoGroupsPreparedFromOneSelectorKeepTurnsOfTheirOwn() {
        UpstreamSelector one = selector.prepare(TestCandidates.members(3));
        UpstreamSelector two = selector.prepare(TestCandidates.members(3));
        TestCandidates three = new TestCandidates(3);

        assertThat(pick(one, three)).isEqualTo(0);
        assertThat(pick(one, three)).isEqualTo(1);
        assertThat(pick(two, three)).isEqualTo(0);
    }

    @Test
    void anUpdateGoesOnWithTheMemberWhoseTurnIsNext() {
        UpstreamSelector before = prepared("a:1", "b:1", "c:1", "d:1");
        pick(before, new TestCandidates(4));

        assertThat(nextAfterUpdate(before, "a:1", "b:1", "c:1", "d:1")).isEqualTo("b:1");
        assertThat(nextAfterUpdate(before, "c:1", "b:1", "a:1")).isEqualTo("b:1");
        assertThat(nextAfterUpdate(before, "x:1", "a:1", "d:1")).isEqualTo("d:1");
        assertThat(nextAfterUpdate(before, "x:1", "y:1")).isEqualTo("x:1");
        assertThat(pick(before.prepare(List.of()), new TestCandidates(0))).isEqualTo(-1);
    }

    @RepeatedTest(200)
    void eachMemberGetsExactlyItsWeightOfTheFirstPicksOfAllWorkers() throws Exception {
        List<Upstream> members = weighted(70, 30, 0, 50);
        UpstreamSelector prepared = selector.prepare(members);
        int[] total = new int[4];
        for (int[] spread : onAllThreads(() -> new TestCandidates(members).spread(prepared, 450))) {
            Arrays.setAll(total, i -> total[i] + spread[i]);
        }

        // 4 * 450 picks are 120 rounds of 7, 3, 0 and 5
        assertThat(total).containsExactly(840, 360, 0, 600);
    }

    @Test
    void theTurnsOfAHeavyMemberAreSpreadOverTheRound() {
        List<Upstream> members = weighted(5, 1, 1);
        UpstreamSelector prepared = selector.prepare(members);
        TestCandidates all = new TestCandidates(members);

        List<Integer> round = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            round.add(pick(prepared, all));
        }
        assertThat(round).containsExactly(0, 0, 0, 1, 2, 0, 0);
    }

    @Test
    void anyWindowOfOneRoundHasEachMembersWeight() {
        List<Upstream> members = weighted(4, 3, 2);
        UpstreamSelector prepared = selector.prepare(members);
        TestCandidates all = new TestCandidates(members);

        for (int start = 0; start < 9; start++) {
            assertThat(all.spread(prepared, 9)).containsExactly(4, 3, 2);
            pick(prepared, all);
        }
    }

    @Test
    void whereAHeavyMemberIsUnusableTheLightOnesShareByTheirWeight() {
        List<Upstream> members = weighted(1_000, 1, 3);
        UpstreamSelector prepared = selector.prepare(members);
        int[] spread = new TestCandidates(members).unusable(0).spread(prepared, 40_000);

        assertThat(spread[0]).isZero();
        assertThat(spread[1]).isBetween(9_500, 10_500);
    }

    @Test
    void theSameSetAgainKeepsThePlaceInTheRound() {
        List<Upstream> members = weighted(3, 2);
        UpstreamSelector before = selector.prepare(members);
        UpstreamSelector twin = selector.prepare(members);
        TestCandidates all = new TestCandidates(members);
        for (int i = 0; i < 3; i++) {
            pick(before, all);
            pick(twin, all);
        }

        UpstreamSelector after = before.prepare(weighted(3, 2));
        for (int i = 0; i < 10; i++) {
            assertThat(pick(after, all)).isEqualTo(pick(twin, all));
        }
    }

    @Test
    void withNoWeightAtAllTheAnswerIsNone() {
        List<Upstream> members = weighted(0, 0);

        assertThat(pick(selector.prepare(members), new TestCandidates(members))).isEqualTo(-1);
    }

    @Test
    void oneThatStartsSlowlyLetsTurnsPass() {
        List<Upstream> members = TestCandidates.members(3);
        UpstreamSelector selector = UpstreamSelector.roundRobin().prepare(members);
        int[] spread = new TestCandidates(members).starting(1, 10).spread(selector, 21_000);

        assertThat(spread[1]).isBetween(700, 1_300);
        assertThat(spread[0]).isCloseTo(spread[2], withinPercentage(3));
    }

    @Test
    void whereAllStartSlowlySomeoneIsTaken() {
        List<Upstream> members = TestCandidates.members(2);
        UpstreamSelector selector = UpstreamSelector.roundRobin().prepare(members);
        int[] spread = new TestCandidates(members).starting(0, 1).starting(1, 1).spread(selector, 1_000);

        assertThat(spread[0]).isCloseTo(spread[1], withinPercentage(40));
    }

    @Test
    void aSelectorThatWasNeverPreparedTakesEachInTurn() {
        assertThat(new TestCandidates(weighted(900, 100)).spread(selector, 10)).containsExactly(5, 5);
    }

    private static List<Upstream> weighted(int... weights) {
        List<Upstream> upstreams = new ArrayList<>();
        for (int weight : weights) {
            upstreams.add(Upstream.of("u" + upstreams.size() + ":1").weight(weight));
        }
        return upstreams;
    }

    private UpstreamSelector prepared(String... members) {
        return selector.prepare(upstreams(members));
    }

    private static String nextAfterUpdate(UpstreamSelector before, String... members) {
        TestCandidates candidates = new TestCandidates(upstreams(members));
        UpstreamSelector after = before.prepare(upstreams(members));
        return candidates.upstream(pick(after, candidates)).id();
    }

    private static List<Upstream> upstreams(String... members) {
        List<Upstream> upstreams = new ArrayList<>();
        for (String member : members) {
            upstreams.add(Upstream.of(member));
        }
        return upstreams;
    }
}
