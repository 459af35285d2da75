package dev.sluice;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

/** Any usable member, each as likely as its weight. */
final class RandomChoice implements UpstreamSelector {
    /** Guesses before the usable members are counted: with half of them usable one pick in 256 has to count. */
    private static final int GUESSES = 8;

    private final IntUnaryOperator below;
    private final int heaviest;

    RandomChoice() {
        this(bound -> ThreadLocalRandom.current().nextInt(bound));
    }

    /** @param below gives a random number from 0 to one below its argument */
    RandomChoice(IntUnaryOperator below) {
        this(below, Upstream.HEAVIEST);
    }

    private RandomChoice(IntUnaryOperator below, int heaviest) {
        this.below = below;
        this.heaviest = heaviest;
    }

    @Override
    public RandomChoice prepare(List<Upstream> members) {
        int most = members.stream().mapToInt(Upstream::weight).max().orElse(0);
        return new RandomChoice(below, most);
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        return except(-1, candidates);
    }

    /** Any usable member but one, as likely as its weight; -1 if there is no other. */
    int except(int taken, Candidates candidates) {
        int size = candidates.size();
        if (size == 0) {
            return -1;
        }
        // A guess that hits is as likely as the weight, and so is the count below: so is the two together.
        for (int guess = 0; guess < GUESSES; guess++) {
            int i = below.applyAsInt(size);
            if (i != taken && candidates.usable(i) && isHit(candidates.weight(i))) {
                return i;
            }
        }
        int weights = 0;
        for (int i = 0; i < size; i++) {
            if (i != taken && candidates.usable(i)) {
                weights += candidates.weight(i);
            }
        }
        return weights == 0 ? -1 : at(below.applyAsInt(weights), taken, candidates);
    }

    private boolean isHit(int weight) {
        return weight >= heaviest || below.applyAsInt(heaviest) < weight;
    }

    /**
     * The usable member whose share of all the weights a point falls into; the last one there is, should some have
     * become unusable since they were counted.
     */
    private static int at(int point, int taken, Candidates candidates) {
        int last = -1;
        int left = point;
        int size = candidates.size();
        for (int i = 0; i < size && left >= 0; i++) {
            if (i != taken && candidates.usable(i)) {
                last = i;
                left -= candidates.weight(i);
            }
        }
        return last;
    }

    @Override
    public String toString() {
        return "random";
    }
}
