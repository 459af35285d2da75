package dev.sluice;

/** Of the usable members with the lowest priority number, the first in the group's order. */
final class Failover implements UpstreamSelector {

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int best = -1;
        int size = candidates.size();
        for (int i = 0; i < size; i++) {
            if (candidates.usable(i)
                    && (best < 0
                            || candidates.upstream(i).priority()
                                    < candidates.upstream(best).priority())) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public String toString() {
        return "failover";
    }
}
