package dev.sluice;

import java.util.List;

/**
 * A table of prime size, filled by the members in turn, as in "Maglev: A Fast and Reliable Software Network Load
 * Balancer" (Eisenbud et al., NSDI 2016). A client's hash is a place in the table; from there the first usable member
 * is taken, so that one that fails moves its own clients only, and they return with it.
 */
final class Maglev implements UpstreamSelector {
    static final int TABLE_SIZE = 65_537;

    private static final int LARGEST = 5_000_011;

    private final int tableSize;
    private final LoadBound bound;
    private final int[] table;

    Maglev(int tableSize, LoadBound bound) {
        this(checked(tableSize), bound, new int[0]);
    }

    private Maglev(int tableSize, LoadBound bound, int[] table) {
        this.tableSize = tableSize;
        this.bound = bound;
        this.table = table;
    }

    private static int checked(int tableSize) {
        if (tableSize < 3 || tableSize > LARGEST) {
            throw new IllegalArgumentException("tableSize " + tableSize + " is out of range; use a prime from 3 to "
                    + LARGEST + ", a hundred times the number of upstreams or more");
        }
        if (!isPrime(tableSize)) {
            int next = tableSize;
            while (!isPrime(next)) {
                next++;
            }
            throw new IllegalArgumentException("tableSize " + tableSize + " is not prime; use " + next);
        }
        return tableSize;
    }

    private static boolean isPrime(int number) {
        for (int divisor = 2; (long) divisor * divisor <= number; divisor++) {
            if (number % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public UpstreamSelector prepare(List<Upstream> members) {
        return new Maglev(tableSize, bound, MaglevTable.of(members, tableSize));
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int place = (int) Long.remainderUnsigned(StableHash.ofClient(flow.client()), tableSize);
        int choice = from(place, bound.limit(candidates), candidates);
        // flows that other workers have begun meanwhile may leave nobody within the bound
        return choice >= 0 ? choice : from(place, LoadBound.UNLIMITED, candidates);
    }

    private int from(int place, double limit, Candidates candidates) {
        int size = candidates.size();
        int left = table.length;
        for (int at = place; left > 0; left--) {
            int i = table[at];
            if (i < size && isFree(i, limit, candidates)) {
                return i;
            }
            at = at + 1 == table.length ? 0 : at + 1;
        }
        // members may have no place: in a table smaller than the group, or of a weight too small for one
        for (int i = 0; i < size; i++) {
            if (isFree(i, limit, candidates)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isFree(int i, double limit, Candidates candidates) {
        return candidates.usable(i) && LoadBound.allows(limit, i, candidates);
    }

    @Override
    public String toString() {
        return "maglev" + bound;
    }
}
