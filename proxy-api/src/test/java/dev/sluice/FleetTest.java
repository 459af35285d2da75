package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many instances behind what spreads packets: they share nothing, and must agree on each client's upstream. */
class FleetTest {
    private static final int CLIENTS = 1_000_000;

    /** One proxy: it has the members in an order of its own. */
    private static final class Instance {
        private final List<Upstream> members;
        private final UpstreamSelector prepared;
        private final TestCandidates candidates;

        Instance(List<Upstream> fleet, UpstreamSelector selector, long seed) {
            members = new ArrayList<>(fleet);
            Collections.shuffle(members, new Random(seed));
            prepared = selector.prepare(members);
            candidates = new TestCandidates(members);
        }

        Instance without(Upstream failed) {
            candidates.unusable(members.indexOf(failed));
            return this;
        }

        Instance loaded(List<Upstream> fleet, int[] active) {
            int[] here = new int[active.length];
            for (int i = 0; i < active.length; i++) {
                here[members.indexOf(fleet.get(i))] = active[i];
            }
            candidates.active(here);
            return this;
        }

        Upstream choice(int client) {
            return choice(FleetTest.client(client));
        }

        Upstream choice(FlowInfo client) {
            return members.get(prepared.select(candidates, client));
        }
    }

    private static FlowInfo client(int number) {
        return Clients.four(number * 2_654_435);
    }

    private static List<Upstream> fleet(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> Upstream.of("10." + i / 256 + "." + i % 256 + ".7:8080"))
                .toList();
    }

    private static List<Upstream> weighted(int size) {
        return fleet(size).stream()
                .map(each -> each.weight(50 + Math.floorMod(each.id().hashCode(), 100)))
                .toList();
    }

    private static List<Instance> instances(int count, Supplier<UpstreamSelector> selector, List<Upstream> fleet) {
        return IntStream.range(0, count)
                .mapToObj(seed -> new Instance(fleet, selector.get(), seed))
                .toList();
    }

    private static void assertAgreed(List<Instance> instances, int clients) {
        for (int client = 0; client < clients; client++) {
            FlowInfo flow = client(client);
            Upstream agreed = instances.get(0).choice(flow);
            for (Instance each : instances) {
                Upstream choice = each.choice(flow);
                if (choice != agreed) {
                    assertThat(choice).as("client %d", client).isSameAs(agreed);
                }
            }
        }
    }

    @Test
    void aHundredInstancesAgreeOnAMillionClientsOfAThousandUpstreams() {
        assertAgreed(instances(100, UpstreamSelector::maglev, fleet(1_000)), CLIENTS);
    }

    @Test
    void soTheyDoWithWeightsAndByRendezvous() {
        assertAgreed(instances(100, UpstreamSelector::maglev, weighted(300)), 20_000);
        assertAgreed(instances(100, UpstreamSelector::sourceHash, weighted(30)), 20_000);
    }

    @Test
    void soTheyDoUnderABoundAsLongAsTheySeeTheSameLoad() {
        List<Upstream> fleet = weighted(30);
        int[] active = new Random(1).ints(30, 0, 200).toArray();
        for (Supplier<UpstreamSelector> bounded : List.<Supplier<UpstreamSelector>>of(
                () -> UpstreamSelector.sourceHash(1.25), () -> UpstreamSelector.maglev(65_537, 1.25))) {
            List<Instance> instances = instances(20, bounded, fleet);
            instances.forEach(each -> each.loaded(fleet, active));

            assertAgreed(instances, 20_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 100, 1_000})
    void everyUpstreamsShareOfTheTableIsWithinTwoPercentOfTheMean(int size) {
        int[] places = places(fleet(size));

        double mean = 65_537.0 / size;
        assertThat(Arrays.stream(places).max().orElseThrow()).isLessThanOrEqualTo((int) (mean * 1.02));
        assertThat(Arrays.stream(places).min().orElseThrow()).isGreaterThanOrEqualTo((int) Math.ceil(mean * 0.98));
    }

    @Test
    void aShareOfTheTableIsThatOfTheWeight() {
        List<Upstream> fleet = weighted(300);
        int[] places = places(fleet);

        long weights = fleet.stream().mapToInt(Upstream::weight).sum();
        for (int i = 0; i < places.length; i++) {
            double due = 65_537.0 * fleet.get(i).weight() / weights;
            assertThat((double) places[i]).isBetween(due - 1.5, due + 1.5);
        }
    }

    private static int[] places(List<Upstream> fleet) {
        int[] places = new int[fleet.size()];
        for (int member : MaglevTable.of(fleet, Maglev.TABLE_SIZE)) {
            places[member]++;
        }
        return places;
    }

    @Test
    void theBusiestOfAThousandUpstreamsHasAtMostFifteenPercentMoreClientsThanTheMean() {
        List<Upstream> fleet = fleet(1_000);
        Instance one = new Instance(fleet, UpstreamSelector.maglev(), 1);
        int[] spread = new int[1_000];
        for (int client = 0; client < CLIENTS; client++) {
            spread[fleet.indexOf(one.choice(client))]++;
        }

        assertThat(Arrays.stream(spread).max().orElseThrow()).isLessThanOrEqualTo(1_150);
    }

    @Test
    void anUpstreamThatFailsMovesExactlyItsOwnClientsAndTheyReturn() {
        List<Upstream> fleet = fleet(1_000);
        Instance whole = new Instance(fleet, UpstreamSelector.maglev(), 1);
        Upstream failed = fleet.get(77);
        Instance without = new Instance(fleet, UpstreamSelector.maglev(), 2).without(failed);
        Instance recovered = new Instance(fleet, UpstreamSelector.maglev(), 3);
        int moved = 0;
        for (int client = 0; client < CLIENTS; client++) {
            Upstream before = whole.choice(client);
            Upstream after = without.choice(client);
            if (before == failed) {
                moved++;
                assertThat(after).isNotSameAs(failed);
                assertThat(recovered.choice(client)).isSameAs(failed);
            } else if (after != before) {
                assertThat(after).as("client %d", client).isSameAs(before);
            }
        }
        assertThat(moved).isBetween(800, 1_200);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000})
    void oneRemovedMovesFewClientsOfTheOthers(int size) {
        List<Upstream> fleet = fleet(size);
        List<Upstream> fewer = new ArrayList<>(fleet);
        fewer.remove(size / 3);
        Instance before = new Instance(fleet, UpstreamSelector.maglev(), 1);
        Instance after = new Instance(fewer, UpstreamSelector.maglev(), 2);
        int moved = 0;
        for (int client = 0; client < CLIENTS; client++) {
            if (before.choice(client) != after.choice(client)) {
                moved++;
            }
        }

        assertThat(moved / (double) CLIENTS).isLessThanOrEqualTo(size <= 100 ? 2.0 / size : 8.0 / size);
    }

    @Test
    void oneRemovedMovesExactlyItsOwnClientsByRendezvous() {
        List<Upstream> fleet = weighted(30);
        List<Upstream> fewer = new ArrayList<>(fleet);
        Upstream removed = fewer.remove(7);
        Instance before = new Instance(fleet, UpstreamSelector.sourceHash(), 1);
        Instance after = new Instance(fewer, UpstreamSelector.sourceHash(), 2);
        for (int client = 0; client < 100_000; client++) {
            Upstream choice = before.choice(client);
            if (choice != removed && after.choice(client) != choice) {
                assertThat(after.choice(client)).as("client %d", client).isSameAs(choice);
            }
        }
    }
}
