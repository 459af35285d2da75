package dev.sluice;

import java.util.List;
import java.util.function.IntUnaryOperator;

/** Two different usable members at random, as likely as their weights, and of those the less loaded one. */
final class TwoChoices implements UpstreamSelector {
    private final RandomChoice choice;

    TwoChoices() {
        this(new RandomChoice());
    }

    /** @param below gives a random number from 0 to one below its argument */
    TwoChoices(IntUnaryOperator below) {
        this(new RandomChoice(below));
    }

    private TwoChoices(RandomChoice choice) {
        this.choice = choice;
    }

    @Override
    public UpstreamSelector prepare(List<Upstream> members) {
        return new TwoChoices(choice.prepare(members));
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int one = choice.except(-1, candidates);
        if (one < 0) {
            return -1;
        }
        int other = choice.except(one, candidates);
        // among equals the first stands: it was drawn by weight
        return other >= 0 && isLessLoaded(other, one, candidates) ? other : one;
    }

    /** Whether one has fewer flows for its weight than another. */
    private static boolean isLessLoaded(int one, int other, Candidates candidates) {
        return (long) candidates.active(one) * candidates.weight(other)
                < (long) candidates.active(other) * candidates.weight(one);
    }

    @Override
    public String toString() {
        return "twoChoices";
    }
}
