package dev.sluice;

import java.util.List;

/**
 * Weighted rendezvous hashing: each member bids for a client, and the highest bid wins. No table, and a member that
 * leaves moves nobody but its own clients; each pick looks at every member.
 */
final class SourceHash implements UpstreamSelector {
    private final LoadBound bound;
    private final long[] hashes;

    SourceHash(LoadBound bound) {
        this(bound, new long[0]);
    }

    private SourceHash(LoadBound bound, long[] hashes) {
        this.bound = bound;
        this.hashes = hashes;
    }

    @Override
    public UpstreamSelector prepare(List<Upstream> members) {
        return new SourceHash(
                bound,
                members.stream().mapToLong(each -> StableHash.of(each.id())).toArray());
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        long client = StableHash.ofClient(flow.client());
        int choice = lowestBid(client, bound.limit(candidates), candidates);
        // flows that other workers have begun meanwhile may leave nobody within the bound
        return choice >= 0 ? choice : lowestBid(client, LoadBound.UNLIMITED, candidates);
    }

    private int lowestBid(long client, double limit, Candidates candidates) {
        int best = -1;
        double lowest = Double.POSITIVE_INFINITY;
        int size = candidates.size();
        for (int i = 0; i < size; i++) {
            if (candidates.usable(i) && LoadBound.allows(limit, i, candidates)) {
                double wait = wait(client, i, candidates);
                if (best < 0 || wait < lowest || wait == lowest && comesFirst(i, best, candidates)) {
                    best = i;
                    lowest = wait;
                }
            }
        }
        return best;
    }

    /**
     * A member's bid, the lower the better: a time drawn from an exponential distribution whose rate is the weight, of
     * which the shortest is each member's in proportion to its weight. {@code StrictMath}, since all processes must
     * come to the same number.
     */
    private double wait(long client, int i, Candidates candidates) {
        long member = i < hashes.length
                ? hashes[i]
                : StableHash.of(candidates.upstream(i).id());
        double uniform = ((StableHash.mixed(client ^ member) >>> 11) + 0.5) * 0x1.0p-53;
        return -StrictMath.log(uniform) / candidates.upstream(i).weight();
    }

    private static boolean comesFirst(int i, int best, Candidates candidates) {
        return candidates.upstream(i).id().compareTo(candidates.upstream(best).id()) < 0;
    }

    @Override
    public String toString() {
        return "sourceHash" + bound;
    }
}
