package dev.sluice;

/**
 * How far above its fair share of the live flows a member may be for one more to hash to it. It is what is known as
 * consistent hashing with bounded loads.
 */
final class LoadBound {
    /** The limit where there is no bound. */
    static final double UNLIMITED = Double.MAX_VALUE;

    private final double most;

    private LoadBound(double most) {
        this.most = most;
    }

    /** @param most how many fair shares are the most: above 1, or 0 for no bound */
    static LoadBound of(double most) {
        if (most != 0 && (!(most > 1) || Double.isInfinite(most))) {
            throw new IllegalArgumentException(
                    "mostLoad " + most + " is out of range; use a number above 1, for example 1.25, or 0 for no bound");
        }
        return new LoadBound(most);
    }

    /** Flows a unit of weight that a member may have, this flow counted. */
    double limit(Candidates candidates) {
        if (most == 0) {
            return UNLIMITED;
        }
        long flows = 1;
        long weights = 0;
        int size = candidates.size();
        for (int i = 0; i < size; i++) {
            if (candidates.usable(i)) {
                flows += candidates.active(i);
                weights += candidates.weight(i);
            }
        }
        return most * flows / weights;
    }

    /** Whether one more flow is within a limit; the last may be so in part only, that someone always has room. */
    static boolean allows(double limit, int i, Candidates candidates) {
        return candidates.active(i) < limit * candidates.weight(i);
    }

    @Override
    public String toString() {
        return most == 0 ? "" : "(mostLoad " + most + ")";
    }
}
