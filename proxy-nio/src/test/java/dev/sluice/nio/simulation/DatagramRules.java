package dev.sluice.nio.simulation;

import dev.sluice.FaultRule;
import dev.sluice.fault.Fault;
import dev.sluice.fault.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rules of datagrams at random. Of what makes an invariant fall each run draws whether it may be among them at all, so
 * that the others hold it to the invariant.
 */
final class DatagramRules {
    private static final int LONGEST_MILLIS = 60;
    private static final double MOST = 0.6;

    private final Random random;
    private final boolean mayDouble;
    private final boolean mayReorder;
    private final boolean mayAlter;

    DatagramRules(Random random) {
        this.random = random;
        this.mayDouble = random.nextBoolean();
        this.mayReorder = random.nextBoolean();
        this.mayAlter = random.nextInt(4) == 0;
    }

    /** Whether datagrams may come twice. */
    boolean mayDouble() {
        return mayDouble;
    }

    /** Whether one may overtake another. */
    boolean mayReorder() {
        return mayReorder;
    }

    /** Whether they may come with other bytes. */
    boolean mayAlter() {
        return mayAlter;
    }

    FaultRule next() {
        List<Fault> faults = new ArrayList<>();
        int kind = random.nextInt(3);
        for (int more = random.nextInt(3); more >= 0; more--) {
            faults.add(fault(kind == 0));
        }
        Fault first = faults.remove(0);
        Fault[] rest = faults.toArray(Fault[]::new);
        FaultRule rule = kind == 0
                ? FaultRule.toUpstream(first, rest)
                : kind == 1 ? FaultRule.toClient(first, rest) : FaultRule.bothWays(first, rest);
        return scoped(rule);
    }

    private FaultRule scoped(FaultRule rule) {
        FaultRule lasting = random.nextBoolean() ? rule : rule.during(millis());
        return switch (random.nextInt(8)) {
            case 0 -> lasting.liveFlows();
            case 1 -> lasting.newFlows();
            case 2 -> lasting.probability(random.nextDouble());
            case 3 -> lasting.first(1 + random.nextInt(4));
            case 4 -> lasting.where(flow -> flow.info().client().getPort() % 2 == 0);
            default -> lasting;
        };
    }

    private Fault fault(boolean isToUpstream) {
        return switch (random.nextInt(9)) {
            case 0 -> latency();
            case 1 -> Fault.stall();
            case 2 -> Fault.loss(rate()).inBurstsOf(1 + random.nextInt(3));
            case 3 -> Fault.lossEvery(2 + random.nextInt(5));
            case 4 -> Fault.lossIf(payload -> payload.hasRemaining() && payload.get(payload.limit() - 1) % 5 == 0);
            case 5 -> mayDouble ? Fault.duplicate(rate()) : latency();
            case 6 ->
                mayReorder
                        ? Fault.reorder(rate()).distance(1 + random.nextInt(4)).longest(millis())
                        : Fault.blackHole();
            case 7 -> altering();
            default -> isToUpstream ? Fault.rebind().every(random.nextBoolean() ? Duration.ZERO : millis()) : latency();
        };
    }

    private Latency latency() {
        Latency latency = Fault.latency(millis());
        return mayReorder ? latency.jitter(latency.delay().dividedBy(1 + random.nextInt(3))) : latency;
    }

    private Fault altering() {
        if (!mayAlter) {
            return Fault.stall();
        }
        return random.nextBoolean()
                ? Fault.corrupt(rate())
                : Fault.truncate(random.nextInt(100)).rate(rate());
    }

    private double rate() {
        return random.nextDouble() * MOST;
    }

    private Duration millis() {
        return Duration.ofMillis(1 + random.nextInt(LONGEST_MILLIS));
    }
}
