package dev.sluice.nio.fault;

import dev.sluice.Direction;
import dev.sluice.fault.Fault;
import dev.sluice.fault.Latency;
import dev.sluice.fault.ListeningFault;
import dev.sluice.nio.worker.Worker;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

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
        return each(
                direction, i -> new Gates(worker, seedOf(direction, i), rule.link(direction, i), waiting).of(fault(i)));
    }

    /** The same for datagrams. */
    List<DatagramStage> stages(Direction direction) {
        return each(direction, i -> new DatagramStages(seedOf(direction, i)).of(fault(i)));
    }

    /** One for each of the rule's faults, by its place, if the rule is for this direction. */
    private <T> List<T> each(Direction direction, IntFunction<T> made) {
        int faults = concerns(direction) ? rule.rule().faults().size() : 0;
        return IntStream.range(0, faults).mapToObj(made).toList();
    }

    private Fault fault(int index) {
        return rule.rule().faults().get(index);
    }

    /** What the flow met when it was accepted; nothing where the rule is for a direction. */
    public Optional<ListeningFault> atListening() {
        return fault(0) instanceof ListeningFault met ? Optional.of(met) : Optional.empty();
    }

    /** By how much the dial is late. */
    public long connectDelay() {
        return rule.rule().directions().stream()
                .flatMap(direction -> each(direction, i -> connectDelay(fault(i), seedOf(direction, i))).stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long connectDelay(Fault fault, long seed) {
        return fault instanceof Latency latency && latency.ofConnect()
                ? latency.delay().toNanos() + Chance.spread(latency.jitter().toNanos(), seed, CONNECT)
                : 0;
    }

    private long seedOf(Direction direction, int index) {
        return Chance.seed(seed, 2L * index + direction.ordinal());
    }
}
