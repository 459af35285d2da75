package dev.sluice.nio;

import dev.sluice.FaultRule;
import dev.sluice.RouteFaults;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.fault.ListeningFault;
import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.fault.Engagement;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Life;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules at work on a route.
 *
 * <p>Thread: any but a worker's; changed under the server's lock.
 */
final class LiveFaults implements RouteFaults {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFaults.class);

    private final NioServer server;
    private final LiveRoute route;
    private final Workers workers;
    /** Replaced, never changed. */
    private volatile List<LiveFault> faults = List.of();
    /** Those of ports, among them, that the ports are to be rid of. */
    private List<LiveFault> leaving = List.of();

    LiveFaults(NioServer server, LiveRoute route, Workers workers) {
        this.server = server;
        this.route = route;
        this.workers = workers;
    }

    @Override
    public RunningFault apply(FaultRule rule) {
        Objects.requireNonNull(rule, "rule");
        return server.change("RouteFaults.apply()", () -> {
            route.requireLive();
            // The builder refuses what is not for the route.
            route.definition().toBuilder().faults(rule);
            LiveFault fault = begin(rule);
            if (fault.isOfPorts()) {
                settleUnder(fault);
            }
            return fault;
        });
    }

    private void settleUnder(LiveFault fault) {
        try {
            route.doors().settle();
        } catch (RuntimeException e) {
            forget(fault);
            throw e;
        }
    }

    /** Begins with the rules of the route's definition, before its ports are opened. */
    void beginWith(List<FaultRule> rules) {
        rules.forEach(this::begin);
    }

    /** The route has another definition: rules that are in both stay as they are. */
    void replace(List<FaultRule> before, List<FaultRule> after) {
        List<FaultRule> added = new ArrayList<>(after);
        for (FaultRule rule : before) {
            if (!added.remove(rule)) {
                faults.stream()
                        .filter(fault -> fault.rule().equals(rule))
                        .findFirst()
                        .ifPresent(this::end);
            }
        }
        added.forEach(this::begin);
        route.doors().settle();
    }

    private LiveFault begin(FaultRule rule) {
        long seed = rule.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
        ActiveRule active =
                new ActiveRule(route.name(), rule, seed, workers.clock().nanos());
        LiveFault fault = new LiveFault(this, active);
        List<LiveFault> more = new ArrayList<>(faults);
        more.removeIf(each -> !each.isRunning());
        more.add(fault);
        faults = List.copyOf(more);
        if (!fault.isOfPorts()) {
            engage(active);
        } else if (active.ends()) {
            server.closeLater(fault, active.endsAt());
        }
        LOG.info("Route \"{}\": under a fault, {}, with seed {}", route.name(), rule, seed);
        return fault;
    }

    /** Has the flows of all workers meet a rule, the oldest first, which decides whom it is for. */
    private void engage(ActiveRule rule) {
        List<Life> lives = new ArrayList<>();
        onLanes(lane -> lives.addAll(lane.faults().begin(rule)));
        if (lives.isEmpty()) {
            return;
        }
        lives.sort(Comparator.comparingLong(LiveFaults::begun));
        Lane asking = route.lanes().get(0);
        Map<Life, Engagement> chosen = new LinkedHashMap<>();
        asking.worker().run(() -> {
            for (Life life : lives) {
                Engagement engagement = rule.meet(life.flow(), true, asking.counters());
                if (engagement != null) {
                    chosen.put(life, engagement);
                }
            }
        });
        onLanes(lane -> lane.faults().begin(chosen));
    }

    /** On the clock that all workers share. */
    private static long begun(Life life) {
        return life.lane().worker().loop().toClock(life.begun());
    }

    /** Holds all flows until it is {@linkplain #release released}; it is none of the user's rules. */
    ActiveRule hold() {
        ActiveRule held = new ActiveRule(route.name(), FaultRule.bothWays(Fault.stall()), 0, now());
        engage(held);
        return held;
    }

    void release(ActiveRule held) {
        onLanes(lane -> lane.faults().end(held));
    }

    /** Undoes a rule, if it is at work. */
    void close(LiveFault fault) {
        server.undo("RunningFault.close()", () -> {
            if (faults.contains(fault)) {
                endAll(List.of(fault));
            }
        });
    }

    /** Where a port cannot be had again those that are of ports stay; until it is had they are at work. */
    private void endAll(List<LiveFault> ended) {
        ended.stream().filter(fault -> !fault.isOfPorts()).forEach(this::end);
        leaving = ended.stream().filter(LiveFault::isOfPorts).toList();
        try {
            if (!leaving.isEmpty() && route.isLive()) {
                route.doors().settle();
            }
            leaving.forEach(this::forget);
        } finally {
            leaving = List.of();
        }
    }

    private void end(LiveFault fault) {
        if (!fault.isOfPorts()) {
            onLanes(lane -> lane.faults().end(fault.active()));
        }
        forget(fault);
    }

    private void forget(LiveFault fault) {
        faults = faults.stream().filter(each -> each != fault).toList();
    }

    private void onLanes(Consumer<Lane> change) {
        for (Lane lane : route.lanes()) {
            if (!lane.worker().loop().hasEnded()) {
                lane.worker().run(() -> change.accept(lane));
            }
        }
    }

    /** Whether clients meet this. */
    boolean meets(ListeningFault fault) {
        return faults.stream()
                .filter(each -> !leaving.contains(each))
                .flatMap(each -> each.rule().faults().stream())
                .anyMatch(each -> each == fault);
    }

    long now() {
        return workers.clock().nanos();
    }

    boolean has(LiveFault fault) {
        return !server.isClosing() && faults.contains(fault);
    }

    /** Whether it is the ports that are at fault, rather than flows. */
    static boolean isOfPorts(FaultRule rule) {
        Fault first = rule.faults().get(0);
        return first instanceof ListeningFault met && met.isForAll();
    }

    @Override
    public List<RunningFault> running() {
        return faults.stream()
                .filter(LiveFault::isRunning)
                .<RunningFault>map(fault -> fault)
                .toList();
    }

    @Override
    public void clear() {
        server.undo("clear()", () -> endAll(faults));
    }

    @Override
    public String toString() {
        return running().toString();
    }
}
