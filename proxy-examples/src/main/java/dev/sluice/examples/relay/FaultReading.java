package dev.sluice.examples.relay;

import dev.sluice.RunningFault;

/**
 * A fault at work as a look at it shows it.
 *
 * @param rule what it does, in words
 * @param seed what its choices are drawn from, in words; empty where it has none to make
 * @param flows how many have been under it, in words; empty where it is not a matter of flows
 */
record FaultReading(String rule, String seed, String flows) {
    static FaultReading of(RunningFault fault) {
        return FaultOptions.picksFlows(fault.rule())
                ? new FaultReading(fault.rule().toString(), ", seed " + fault.seed(), ", flows " + fault.flows())
                : new FaultReading(fault.rule().toString(), "", "");
    }

    @Override
    public String toString() {
        return rule + seed + flows;
    }
}
