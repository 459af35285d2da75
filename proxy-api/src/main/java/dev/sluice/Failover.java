package dev.sluice;

/** Of the usable members with the lowest priority number, the first in the group's order. */
final class Failover implements UpstreamSelector {

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int best = -1;
        int lowest = Integer.MAX_VALUE;
        int size = candidates.size();
        // nothing comes before priority 0
        for (int i = 0; i < size && lowest > 0; i++) {
            if (candidates.usable(i)) {
                int priority = candidates.upstream(i).priority();
                if (best < 0 || priority < lowest) {
                    best = i;
                    lowest = priority;
                }
            }
        }
        return best;
    }

    @Override
    public String toString() {
        return "failover";
    }
}
