package dev.sluice;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;

/** Any usable member, each as likely as the others. */
final class RandomChoice implements UpstreamSelector {
    /** Guesses before the usable members are counted: with half of them usable one pick in 256 has to count. */
    private static final int GUESSES = 8;

    private final IntUnaryOperator below;

    RandomChoice() {
        this(bound -> ThreadLocalRandom.current().nextInt(bound));
    }

    /** @param below gives a random number from 0 to one below its argument */
    RandomChoice(IntUnaryOperator below) {
        this.below = below;
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        return except(-1, candidates);
    }

    /** Any usable member but one; -1 if there is no other. */
    int except(int taken, Candidates candidates) {
        int size = candidates.size();
        if (size == 0) {
            return -1;
        }
        // A guess that hits is uniform over the usable ones, and so is the count below: so is the two together.
        for (int guess = 0; guess < GUESSES; guess++) {
            int i = below.applyAsInt(size);
            if (i != taken && candidates.usable(i)) {
                return i;
            }
        }
        int usable = 0;
        for (int i = 0; i < size; i++) {
            if (i != taken && candidates.usable(i)) {
                usable++;
            }
        }
        return usable == 0 ? -1 : nth(below.applyAsInt(usable), taken, candidates);
    }

    /** The n-th usable member; the last one there is, should some have become unusable since they were counted. */
    private static int nth(int n, int taken, Candidates candidates) {
        int last = -1;
        int left = n;
        int size = candidates.size();
        for (int i = 0; i < size && left >= 0; i++) {
            if (i != taken && candidates.usable(i)) {
                last = i;
                left--;
            }
        }
        return last;
    }

    @Override
    public String toString() {
        return "random";
    }
}
