package dev.sluice.nio.fault;

import dev.sluice.Direction;
import dev.sluice.FaultRule;
import dev.sluice.Flow;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Counters;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rule at work on a route: what its flows on all workers share of it.
 *
 * <p>Thread: any.
 */
public final class ActiveRule {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveRule.class);
    /** What of a flow's seed decides whether it is under the rule; its stages have the numbers from 0. */
    private static final int MEMBERSHIP = -1;

    private final String route;
    private final FaultRule rule;
    private final long seed;
    private final long begun;
    private final Map<Direction, SharedRate[]> links = new EnumMap<>(Direction.class);
    private final AtomicLong met = new AtomicLong();
    private final AtomicInteger places;
    private final AtomicLong flows = new AtomicLong();
    private final AtomicBoolean failed = new AtomicBoolean();

    /** @param now on the clock of the server */
    public ActiveRule(String route, FaultRule rule, long seed, long now) {
        this.route = route;
        this.rule = rule;
        this.seed = seed;
        this.begun = now;
        this.places = new AtomicInteger(rule.first() == 0 ? Integer.MAX_VALUE : rule.first());
        for (Direction direction : rule.directions()) {
            SharedRate[] each = new SharedRate[rule.faults().size()];
            for (int i = 0; i < each.length; i++) {
                each[i] = new SharedRate(now);
            }
            links.put(direction, each);
        }
    }

    public FaultRule rule() {
        return rule;
    }

    public long seed() {
        return seed;
    }

    /** How many flows have been under it. */
    public long flows() {
        return flows.get();
    }

    /** Whether its time is limited. */
    public boolean ends() {
        return !rule.duration().isZero();
    }

    /** When its time is over, on the clock of the server. */
    public long endsAt() {
        return begun + rule.duration().toNanos();
    }

    /** What all flows under it share for one of its faults, in one direction. */
    SharedRate link(Direction direction, int index) {
        return links.get(direction)[index];
    }

    /**
     * Decides whether a flow is under the rule; null if it is not.
     *
     * @param isLive the flow was there before the rule
     * @param counters where a test that throws is counted
     */
    public Engagement meet(Flow flow, boolean isLive, Counters counters) {
        if (rule.flows() == (isLive ? FaultRule.Flows.NEW : FaultRule.Flows.LIVE)) {
            return null;
        }
        if (rule.directions().isEmpty() && isLive || !isAskedFor(flow, counters)) {
            return null;
        }
        long seedOfFlow = Chance.seed(seed, met.getAndIncrement());
        if (!Chance.hits(rule.probability(), seedOfFlow, MEMBERSHIP) || !takePlace()) {
            return null;
        }
        flows.incrementAndGet();
        return new Engagement(this, seedOfFlow);
    }

    private boolean isAskedFor(Flow flow, Counters counters) {
        try {
            return rule.which().test(flow);
        } catch (Throwable e) {
            onCallbackFailure(e, counters);
            return false;
        }
    }

    private boolean takePlace() {
        return places.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** Something of the user's that the rule asks has thrown. */
    void onCallbackFailure(Throwable failure, Counters counters) {
        counters.add(Counter.CALLBACK_FAILURES, 1);
        if (failed.compareAndSet(false, true)) {
            LOG.warn(
                    "Route \"{}\": what the fault rule \"{}\" asks has failed; it counts as a no, and further failures"
                            + " are only counted",
                    route,
                    rule,
                    failure);
        }
    }

    @Override
    public String toString() {
        return rule.toString();
    }
}
