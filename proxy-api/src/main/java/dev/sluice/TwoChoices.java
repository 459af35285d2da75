package dev.sluice;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

/** Two different usable members at random, and of those the one with fewer live flows. */
final class TwoChoices implements UpstreamSelector {
    private final RandomChoice choice;

    TwoChoices() {
        this(bound -> ThreadLocalRandom.current().nextInt(bound));
    }

    /** @param below gives a random number from 0 to one below its argument */
    TwoChoices(IntUnaryOperator below) {
        this.choice = new RandomChoice(below);
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int one = choice.except(-1, candidates);
        if (one < 0) {
            return -1;
        }
        int other = choice.except(one, candidates);
        // among equals the first stands: the pair has no order, so neither is preferred
        return other >= 0 && candidates.active(other) < candidates.active(one) ? other : one;
    }

    @Override
    public String toString() {
        return "twoChoices";
    }
}
