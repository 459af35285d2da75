package dev.sluice.nio.simulation;

import dev.sluice.FaultRule;
import dev.sluice.fault.Fault;
import dev.sluice.nio.fault.ActiveRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rules that come and go at random on the flows of a proxy's TCP route. */
final class StreamRules {
    private final Random random;
    private final SimulatedWorker proxy;
    private final boolean isLossy;
    private final List<ActiveRule> rules = new ArrayList<>();
    private boolean mayCut;

    /** @param isLossy whether some of what is sent may be lost on its way */
    StreamRules(Random random, SimulatedWorker proxy, boolean isLossy) {
        this.random = random;
        this.proxy = proxy;
        this.isLossy = isLossy;
    }

    /** Whether a flow may have been closed in good order before all was sent. */
    boolean mayCut() {
        return mayCut;
    }

    /** One more, or one less. */
    void change() {
        if (rules.isEmpty() || random.nextInt(5) > 1) {
            begin();
        } else {
            end(rules.remove(random.nextInt(rules.size())));
        }
    }

    void endAll() {
        rules.forEach(this::end);
        rules.clear();
    }

    private void begin() {
        rules.add(proxy.begin(scoped(directed()), random.nextLong()));
    }

    private void end(ActiveRule rule) {
        proxy.lane().faults().end(rule);
    }

    private FaultRule directed() {
        Fault[] more = new Fault[random.nextInt(3)];
        for (int i = 0; i < more.length; i++) {
            more[i] = fault();
        }
        return switch (random.nextInt(3)) {
            case 0 -> FaultRule.toClient(fault(), more);
            case 1 -> FaultRule.toUpstream(fault(), more);
            default -> FaultRule.bothWays(fault(), more);
        };
    }

    private FaultRule scoped(FaultRule rule) {
        return switch (random.nextInt(8)) {
            case 0 -> rule.liveFlows();
            case 1 -> rule.newFlows();
            case 2 -> rule.first(random.nextInt(3));
            case 3 -> rule.probability(random.nextDouble());
            case 4 -> rule.where(flow -> flow.id() % 2 == 0);
            case 5 -> rule.during(Duration.ofMillis(random.nextInt(500)));
            default -> rule;
        };
    }

    private Fault fault() {
        return switch (random.nextInt(isLossy ? 11 : 10)) {
            case 0 -> Fault.latency(millis(100)).jitter(Duration.ZERO);
            case 1 -> Fault.latency(Duration.ofMillis(50)).jitter(millis(50));
            case 2 -> Fault.latency(millis(100)).withConnect().withEnd();
            case 3 -> Fault.bandwidth(1 + random.nextInt(1_000_000));
            case 4 -> Fault.bandwidth(1 + random.nextInt(1_000_000)).shared();
            case 5 ->
                Fault.slice(100 + random.nextInt(900))
                        .variation(random.nextInt(100))
                        .gap(millis(3));
            case 6 -> Fault.slowClose(millis(200));
            case 7 -> Fault.stall();
            case 8 -> cut();
            case 9 -> Fault.resetAfter(millis(2_000));
            default -> Fault.blackHole();
        };
    }

    private Fault cut() {
        long bytes = 1 + random.nextInt(20_000);
        int kind = random.nextInt(4);
        mayCut |= kind > 1;
        return switch (kind) {
            case 0, 1 -> Fault.resetAfter(bytes);
            case 2 -> Fault.limit(bytes);
            default -> random.nextBoolean() ? Fault.halfClose() : Fault.halfCloseAfter(bytes);
        };
    }

    private Duration millis(int most) {
        return Duration.ofMillis(random.nextInt(most));
    }
}
