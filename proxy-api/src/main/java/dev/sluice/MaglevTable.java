package dev.sluice;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Fills the table of {@link Maglev}: each member has its own order of places, and takes the next free one in turn. */
final class MaglevTable {
    private final List<Upstream> members;
    private final int[] table;
    private final long[] next;
    private final long[] skip;

    private MaglevTable(List<Upstream> members, int size) {
        this.members = members;
        this.table = new int[size];
        Arrays.fill(table, -1);
        this.next = new long[members.size()];
        this.skip = new long[members.size()];
        for (int i = 0; i < members.size(); i++) {
            long hash = StableHash.of(members.get(i).id());
            next[i] = Long.remainderUnsigned(hash, size);
            skip[i] = Long.remainderUnsigned(StableHash.mixed(hash), size - 1) + 1;
        }
    }

    /** {@return the number of a member for each place; empty if no member has a weight} */
    static int[] of(List<Upstream> members, int size) {
        // whatever the order of the list, the turns are taken in one order
        int[] turns = IntStream.range(0, members.size())
                .filter(i -> members.get(i).weight() > 0)
                .boxed()
                .sorted(Comparator.comparing(i -> members.get(i).id()))
                .mapToInt(Integer::intValue)
                .toArray();
        return turns.length == 0 ? new int[0] : new MaglevTable(members, size).filled(turns);
    }

    /** The heaviest takes a place in every round, the others in as many as they have of its weight. */
    private int[] filled(int[] turns) {
        int heaviest =
                Arrays.stream(turns).map(i -> members.get(i).weight()).max().orElseThrow();
        long[] due = new long[members.size()];
        int taken = 0;
        while (true) {
            for (int i : turns) {
                due[i] += members.get(i).weight();
                if (due[i] >= heaviest) {
                    due[i] -= heaviest;
                    take(i);
                    if (++taken == table.length) {
                        return table;
                    }
                }
            }
        }
    }

    private void take(int i) {
        while (table[(int) next[i]] >= 0) {
            advance(i);
        }
        table[(int) next[i]] = i;
        advance(i);
    }

    private void advance(int i) {
        next[i] += skip[i];
        if (next[i] >= table.length) {
            next[i] -= table.length;
        }
    }
}
