package dev.sluice.nio;

import dev.sluice.FaultRule;
import dev.sluice.RunningFault;
import dev.sluice.nio.fault.ActiveRule;

/**
 * A rule at work on a route, as the user sees it.
 *
 * <p>Thread: any.
 */
record LiveFault(LiveFaults owner, ActiveRule active) implements RunningFault {
    @Override
    public FaultRule rule() {
        return active.rule();
    }

    @Override
    public long seed() {
        return active.seed();
    }

    @Override
    public long flows() {
        return active.flows();
    }

    @Override
    public boolean isRunning() {
        boolean isOver = active.ends() && owner.now() - active.endsAt() >= 0;
        return owner.has(this) && (isOfPorts() || !isOver);
    }

    /** Whether it is the ports that are at fault, rather than flows. */
    boolean isOfPorts() {
        return LiveFaults.isOfPorts(active.rule());
    }

    @Override
    public void close() {
        owner.close(this);
    }

    @Override
    public String toString() {
        return rule() + " (seed " + seed() + ", flows " + flows() + ")";
    }
}
