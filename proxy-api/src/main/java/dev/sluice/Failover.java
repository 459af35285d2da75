package dev.sluice;

/** The first usable member in the group's order. */
final class Failover implements UpstreamSelector {

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int size = candidates.size();
        for (int i = 0; i < size; i++) {
            if (candidates.usable(i)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "failover";
    }
}
