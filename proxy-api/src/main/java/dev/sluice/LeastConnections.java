package dev.sluice;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

/** The usable member with the fewest live flows for its weight; among equals each is as likely as its weight. */
final class LeastConnections implements UpstreamSelector {
    private final IntUnaryOperator below;

    LeastConnections() {
        this(bound -> ThreadLocalRandom.current().nextInt(bound));
    }

    /** @param below gives a random number from 0 to one below its argument */
    LeastConnections(IntUnaryOperator below) {
        this.below = below;
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int best = -1;
        long fewest = 0;
        long itsWeight = 0;
        int equals = 0;
        int size = candidates.size();
        for (int i = 0; i < size; i++) {
            if (!candidates.usable(i)) {
                continue;
            }
            int active = candidates.active(i);
            int weight = candidates.weight(i);
            long difference = active * itsWeight - fewest * weight;
            if (best < 0 || difference < 0) {
                best = i;
                fewest = active;
                itsWeight = weight;
                equals = weight;
            } else if (difference == 0) {
                // taking over with its share of the weights so far makes each as likely as its weight in the end
                equals += weight;
                if (below.applyAsInt(equals) < weight) {
                    best = i;
                }
            }
        }
        return best;
    }

    @Override
    public String toString() {
        return "leastConnections";
    }
}
