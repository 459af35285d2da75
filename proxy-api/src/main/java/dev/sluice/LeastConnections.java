package dev.sluice;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

/** The usable member with the fewest live flows; among equals each is as likely. */
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
        int fewest = Integer.MAX_VALUE;
        int equals = 0;
        int size = candidates.size();
        for (int i = 0; i < size; i++) {
            if (!candidates.usable(i)) {
                continue;
            }
            int active = candidates.active(i);
            if (best < 0 || active < fewest) {
                best = i;
                fewest = active;
                equals = 1;
            } else if (active == fewest && below.applyAsInt(++equals) == 0) {
                // the k-th of the equals takes over with probability 1/k, which makes all of them as likely
                best = i;
            }
        }
        return best;
    }

    @Override
    public String toString() {
        return "leastConnections";
    }
}
