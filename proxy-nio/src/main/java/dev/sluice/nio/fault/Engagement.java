package dev.sluice.nio.fault;

import dev.sluice.Direction;
import dev.sluice.fault.Fault;
import dev.sluice.fault.Latency;
import dev.sluice.fault.ListeningFault;
import dev.sluice.nio.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One flow under one rule, for as long as both last.
 *
 * <p>Thread: worker.
 *
 * @param seed what is left to chance for this flow is drawn from it
 */
public record Engagement(ActiveRule rule, long seed) {
    /** Of a latency's seed: the delay of the dial. Data has the numbers from 0. */
    private static final int CONNECT = -2;

    public boolean concerns(Direction direction) {
        return rule.rule().directions().contains(direction);
    }

    /**
     * What the rule does to one direction of a stream, in order; nothing if it is for the other one alone.
     *
     * @param waiting bytes that were read before and are still to come to it
     */
    List<Gate> gates(Direction direction, Worker worker, long waiting) {
        List<Gate> gates = new ArrayList<>();
        if (concerns(direction)) {
            List<Fault> faults = rule.rule().faults();
            for (int i = 0; i < faults.size(); i++) {
                Gates made = new Gates(worker, seedOf(direction, i), rule.link(direction, i), waiting);
                gates.add(made.of(faults.get(i)));
            }
        }
        return gates;
    }

    /** The same for datagrams. */
    List<DatagramStage> stages(Direction direction, Worker worker) {
        List<DatagramStage> stages = new ArrayList<>();
        if (concerns(direction)) {
            List<Fault> faults = rule.rule().faults();
            for (int i = 0; i < faults.size(); i++) {
                stages.add(new DatagramStages(seedOf(direction, i)).of(faults.get(i)));
            }
        }
        return stages;
    }

    /** What the flow met when it was accepted; nothing where the rule is for a direction. */
    public Optional<ListeningFault> atListening() {
        return rule.rule().faults().get(0) instanceof ListeningFault met ? Optional.of(met) : Optional.empty();
    }

    /** By how much the dial is late. */
    public long connectDelay() {
        long delay = 0;
        for (Direction direction : rule.rule().directions()) {
            List<Fault> faults = rule.rule().faults();
            for (int i = 0; i < faults.size(); i++) {
                if (faults.get(i) instanceof Latency latency && latency.ofConnect()) {
                    delay += latency.delay().toNanos()
                            + Chance.spread(latency.jitter().toNanos(), seedOf(direction, i), CONNECT);
                }
            }
        }
        return delay;
    }

    private long seedOf(Direction direction, int index) {
        return Chance.seed(seed, 2L * index + direction.ordinal());
    }
}
