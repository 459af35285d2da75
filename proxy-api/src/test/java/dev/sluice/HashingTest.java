package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashingTest {
    private static final int CLIENTS = 20_000;
    private static final long HASH_OF_TEXT = 0x415D_D953_A74D_954CL;
    private static final long HASH_OF_FOUR = 0x1142_8644_22FD_4B44L;
    private static final long HASH_OF_SIX = 0x4DE8_97D9_54FD_23D5L;

    static Stream<UpstreamSelector> hashing() {
        return Stream.of(UpstreamSelector.sourceHash(), UpstreamSelector.maglev());
    }

    static Stream<UpstreamSelector> bounded() {
        return Stream.of(UpstreamSelector.sourceHash(1.25), UpstreamSelector.maglev(65_537, 1.25));
    }

    private static int[] choices(UpstreamSelector prepared, TestCandidates candidates, IntFunction<FlowInfo> client) {
        return IntStream.range(0, CLIENTS)
                .map(i -> prepared.select(candidates, client.apply(i)))
                .toArray();
    }

    private static int[] spread(int[] choices, int members) {
        int[] spread = new int[members];
        for (int choice : choices) {
            spread[choice]++;
        }
        return spread;
    }

    @ParameterizedTest
    @MethodSource("hashing")
    void aClientStaysWhereItIsWhateverItsPort(UpstreamSelector selector) throws Exception {
        UpstreamSelector prepared = selector.prepare(TestCandidates.members(50));
        InetAddress address = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
        int first = prepared.select(new TestCandidates(50), Clients.at(new InetSocketAddress(address, 1)));

        for (int port = 2; port < 1_000; port++) {
            assertThat(prepared.select(new TestCandidates(50), Clients.at(new InetSocketAddress(address, port))))
                    .isEqualTo(first);
        }
    }

    @ParameterizedTest
    @MethodSource("hashing")
    void clientsOfBothFamiliesAreSpreadByWeight(UpstreamSelector selector) {
        List<Upstream> members = weighted(100, 300, 0, 600);
        UpstreamSelector prepared = selector.prepare(members);

        for (IntFunction<FlowInfo> clients : List.<IntFunction<FlowInfo>>of(Clients::four, Clients::six)) {
            int[] spread = spread(choices(prepared, new TestCandidates(members), clients), 4);
            assertThat(spread[2]).isZero();
            assertThat(spread[0]).isCloseTo(CLIENTS / 10, within(CLIENTS / 60));
            assertThat(spread[1]).isCloseTo(CLIENTS * 3 / 10, within(CLIENTS / 60));
        }
    }

    @ParameterizedTest
    @MethodSource("hashing")
    void oneThatFailsMovesItsOwnClientsToAllOfTheOthers(UpstreamSelector selector) {
        UpstreamSelector prepared = selector.prepare(TestCandidates.members(20));
        int[] before = choices(prepared, new TestCandidates(20), Clients::four);
        int[] after = choices(prepared, new TestCandidates(20).unusable(7), Clients::four);

        boolean[] heirs = new boolean[20];
        for (int i = 0; i < CLIENTS; i++) {
            if (before[i] == 7) {
                heirs[after[i]] = true;
            } else {
                assertThat(after[i]).isEqualTo(before[i]);
            }
        }
        heirs[7] = true;
        assertThat(heirs).doesNotContain(false);
    }

    @ParameterizedTest
    @MethodSource("hashing")
    void theOrderOfTheListMakesNoDifference(UpstreamSelector selector) {
        List<Upstream> members = weighted(100, 300, 50, 600, 100, 100);
        List<Upstream> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, new Random(1));
        int[] one = choices(selector.prepare(members), new TestCandidates(members), Clients::six);
        int[] other = choices(selector.prepare(shuffled), new TestCandidates(shuffled), Clients::six);

        for (int i = 0; i < CLIENTS; i++) {
            assertThat(shuffled.get(other[i])).isSameAs(members.get(one[i]));
        }
    }

    @ParameterizedTest
    @MethodSource("bounded")
    void aMemberAtItsBoundPassesAClientOn(UpstreamSelector selector) {
        UpstreamSelector prepared = selector.prepare(TestCandidates.members(4));
        int home = prepared.select(new TestCandidates(4), Clients.four(1));
        int[] active = {10, 10, 10, 10};
        assertThat(prepared.select(new TestCandidates(4).active(active), Clients.four(1)))
                .isEqualTo(home);

        // 44 flows are 11 each: 13.75 are the most, so that the fourteenth is the last one
        active[home] = 13;
        assertThat(prepared.select(new TestCandidates(4).active(active), Clients.four(1)))
                .isEqualTo(home);
        active[home] = 15;
        assertThat(prepared.select(new TestCandidates(4).active(active), Clients.four(1)))
                .isNotEqualTo(home);
    }

    @ParameterizedTest
    @MethodSource("bounded")
    void underABoundNoMemberGetsMoreThanItsShareAndABit(UpstreamSelector selector) {
        List<Upstream> members = weighted(100, 100, 200);
        UpstreamSelector prepared = selector.prepare(members);
        int[] active = new int[3];
        for (int i = 0; i < 1_000; i++) {
            // all of them one client, the worst there is
            int choice = prepared.select(new TestCandidates(members).active(active), Clients.four(1));
            active[choice]++;
            double share = (i + 1) * members.get(choice).weight() / 400.0;
            assertThat((double) active[choice]).isLessThan(1.25 * share + 1 + 1e-9);
        }
    }

    @Test
    void sourceHashMovesTheClientsOfWhoLeavesAndNobodyElses() {
        List<Upstream> members = TestCandidates.members(20);
        List<Upstream> fewer = new ArrayList<>(members);
        Upstream leaver = fewer.remove(7);
        int[] before =
                choices(UpstreamSelector.sourceHash().prepare(members), new TestCandidates(members), Clients::four);
        int[] after = choices(UpstreamSelector.sourceHash().prepare(fewer), new TestCandidates(fewer), Clients::four);

        for (int i = 0; i < CLIENTS; i++) {
            if (members.get(before[i]) != leaver) {
                assertThat(fewer.get(after[i])).isSameAs(members.get(before[i]));
            }
        }
    }

    @Test
    void maglevReachesAMemberThatHasNoPlaceInItsTable() {
        UpstreamSelector prepared = UpstreamSelector.maglev(3, 0).prepare(TestCandidates.members(5));
        TestCandidates one = new TestCandidates(5);
        int[] tabled = IntStream.range(0, 100)
                .map(i -> prepared.select(one, Clients.four(i)))
                .distinct()
                .toArray();
        assertThat(tabled).hasSizeLessThanOrEqualTo(3);

        assertThat(prepared.select(new TestCandidates(5).unusable(tabled), Clients.four(1)))
                .isBetween(0, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 5_000_012})
    void aTableHasASize(int size) {
        assertThatThrownBy(() -> UpstreamSelector.maglev(size, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tableSize " + size + " is out of range; use a prime from 3 to 5000011");
    }

    @Test
    void aTableHasAPrimeSize() {
        assertThatThrownBy(() -> UpstreamSelector.maglev(65_536, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tableSize 65536 is not prime; use 65537");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0.5, 1, Double.NaN, Double.POSITIVE_INFINITY})
    void aBoundIsAboveOne(double most) {
        assertThatThrownBy(() -> UpstreamSelector.sourceHash(most))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mostLoad " + most + " is out of range; use a number above 1, for example 1.25,"
                        + " or 0 for no bound");
    }

    @Test
    void hashesAreTheSameForEver() throws Exception {
        InetAddress four = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
        InetAddress six = InetAddress.getByName("2001:db8::1");

        // a release that hashed otherwise would move all clients of whoever runs both at once
        assertThat(StableHash.of("10.0.0.5:80")).isEqualTo(HASH_OF_TEXT);
        assertThat(StableHash.ofClient(new InetSocketAddress(four, 1))).isEqualTo(HASH_OF_FOUR);
        assertThat(StableHash.ofClient(new InetSocketAddress(six, 1))).isEqualTo(HASH_OF_SIX);
    }

    private static List<Upstream> weighted(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> Upstream.of("u" + i + ":1").weight(weights[i]))
                .toList();
    }
}
