package dev.sluice;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The turns of a weighted round: each member has as many as its weight, spread evenly over the round. Weights are
 * reduced by what divides all of them, so that a round of equals is one turn each.
 */
final class Schedule {
    private static final int INDEX_BITS = 21;

    private Schedule() {}

    /** {@return the numbers of the members in the order of their turns} */
    static int[] of(List<Upstream> members) {
        int[] turns = members.stream().mapToInt(Upstream::weight).toArray();
        int divisor = Math.max(1, IntStream.of(turns).reduce(0, Schedule::greatestCommonDivisor));
        Arrays.setAll(turns, i -> turns[i] / divisor);
        long[] times = new long[IntStream.of(turns).sum()];
        int at = 0;
        for (int i = 0; i < turns.length; i++) {
            for (int turn = 0; turn < turns[i]; turn++) {
                // the middle of the turn-th of its equal parts of the round; at the same time the lower number is first
                double time = (2 * turn + 1) / (double) turns[i];
                times[at++] = (long) (time * 0x1.0p40) << INDEX_BITS | i;
            }
        }
        Arrays.sort(times);
        return Arrays.stream(times)
                .mapToInt(time -> (int) (time & (1 << INDEX_BITS) - 1))
                .toArray();
    }

    private static int greatestCommonDivisor(int one, int other) {
        return other == 0 ? one : greatestCommonDivisor(other, one % other);
    }
}
