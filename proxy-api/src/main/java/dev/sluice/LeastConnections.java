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

    /** Negative if one member has fewer flows for its weight than another, 0 if as many. */
    static int compareLoad(int one, int other, Candidates candidates) {
        return Long.compare(
                (long) candidates.active(one) * candidates.weight(other),
                (long) candidates.active(other) * candidates.weight(one));
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int best = -1;
        int equals = 0;
        int size = candidates.size();
        for (int i = 0; i < size; i++) {
            if (!candidates.usable(i)) {
                continue;
            }
            int weight = candidates.weight(i);
            int order = best < 0 ? -1 : compareLoad(i, best, candidates);
            if (order < 0) {
                best = i;
                equals = weight;
            } else if (order == 0) {
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
