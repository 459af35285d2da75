package dev.sluice;

import dev.sluice.fault.DatagramFault;
import dev.sluice.fault.Fault;
import dev.sluice.fault.Latency;
import dev.sluice.fault.ListeningFault;
import dev.sluice.fault.Rebinding;
import dev.sluice.fault.StreamFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which faults, in which direction, for which flows, for how long. Immutable; given to {@link RouteFaults#apply} on a
 * running route, or to {@link RouteBuilder#faults} so that no early flow escapes.
 *
 * <p>Whether a flow is under a rule is decided once, when the two first meet, and stays so: for live flows when the
 * rule is applied, for others when they begin. If no more is said a rule is for all flows, until it is undone.
 *
 * <p>Every choice that is left to chance comes from the rule's seed: the n-th flow that meets a rule makes the same
 * choices each time that the seed and the data are the same.
 */
public final class FaultRule {
    /** Which flows a rule is for, by their beginning. */
    public enum Flows {
        /** Those that live when the rule is applied, and those that begin later. */
        ALL,
        /** Those that live when the rule is applied. */
        LIVE,
        /** Those that begin after the rule was applied. */
        NEW
    }

    /** @param which null for all */
    private record Scope(Flows flows, @Nullable Predicate<? super Flow> which, double probability, int first) {
        static Scope all() {
            return new Scope(Flows.ALL, null, 1, 0);
        }
    }

    private final List<Direction> directions;
    private final List<Fault> faults;
    private final Scope scope;
    private final Duration duration;
    private final OptionalLong seed;

    private FaultRule(
            List<Direction> directions, List<Fault> faults, Scope scope, Duration duration, OptionalLong seed) {
        this.directions = directions;
        this.faults = faults;
        this.scope = scope;
        this.duration = duration;
        this.seed = seed;
    }

    private static FaultRule of(List<Direction> directions, Fault first, Fault[] more) {
        Check check = check();
        List<Fault> faults = new ArrayList<>();
        faults.add(check.given("fault", first));
        for (Fault fault : check.given("faults", more)) {
            faults.add(check.given("fault", fault));
        }
        for (Fault fault : faults) {
            if (fault instanceof ListeningFault) {
                throw check.wrong(
                        fault + " is met by clients that connect, and has no direction;" + " use listening(…) for it");
            }
        }
        return new FaultRule(directions, List.copyOf(faults), Scope.all(), Duration.ZERO, OptionalLong.empty());
    }

    /**
     * {@return a rule for what the upstream sends}
     *
     * @param first works first
     * @param more each works on what the one before lets through
     * @throws IllegalArgumentException if one is for listening
     */
    public static FaultRule toClient(Fault first, Fault... more) {
        return of(List.of(Direction.TO_CLIENT), first, more);
    }

    /**
     * {@return a rule for what the client sends}
     *
     * @param first works first
     * @param more each works on what the one before lets through
     * @throws IllegalArgumentException if one is for listening
     */
    public static FaultRule toUpstream(Fault first, Fault... more) {
        return of(List.of(Direction.TO_UPSTREAM), first, more);
    }

    /**
     * {@return a rule for both directions, each by itself}
     *
     * @param first works first
     * @param more each works on what the one before lets through
     * @throws IllegalArgumentException if one is for listening
     */
    public static FaultRule bothWays(Fault first, Fault... more) {
        return of(List.of(Direction.TO_UPSTREAM, Direction.TO_CLIENT), first, more);
    }

    /**
     * {@return a rule for clients that connect}
     *
     * @param fault what they meet
     */
    public static FaultRule listening(ListeningFault fault) {
        return new FaultRule(
                List.of(), List.of(check().given("fault", fault)), Scope.all(), Duration.ZERO, OptionalLong.empty());
    }

    /**
     * {@return the same for the flows that the test is true for, of those that it would be for}
     *
     * @param test asked once for each flow, on a worker; must not block. If it throws, the flow is not under the rule,
     *     and {@link RouteMetrics#callbackFailures} counts it. A new flow has no upstream yet, and where a PROXY header
     *     is expected its client is the peer still
     */
    public FaultRule where(Predicate<? super Flow> test) {
        check().given("test", test);
        return with(new Scope(scope.flows, test, scope.probability, scope.first));
    }

    /** {@return the same for flows that live when it is applied, and no others} */
    public FaultRule liveFlows() {
        return with(new Scope(Flows.LIVE, scope.which, scope.probability, scope.first));
    }

    /** {@return the same for flows that begin after it was applied, and no others} */
    public FaultRule newFlows() {
        return with(new Scope(Flows.NEW, scope.which, scope.probability, scope.first));
    }

    /**
     * {@return the same for a share of the flows, by chance}
     *
     * @param share 0 for none to 1 for all, the default
     * @throws IllegalArgumentException if it is out of range
     */
    public FaultRule probability(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw check().wrong("probability " + share + " is out of range; use 0 for never to 1 for always");
        }
        return with(new Scope(scope.flows, scope.which, share, scope.first));
    }

    /**
     * {@return the same for the first flows alone, of those that it would be for}
     *
     * @param n how many; 0, the default: all
     * @throws IllegalArgumentException if it is negative
     */
    public FaultRule first(int n) {
        check().atLeast("first", n, 0, ", where 0 is all");
        return with(new Scope(scope.flows, scope.which, scope.probability, n));
    }

    /**
     * {@return the same, undone by itself after a time}
     *
     * @param d since it was applied, or the server was started with it; zero, the default: it stays until it is undone
     * @throws IllegalArgumentException if it is negative or too long
     */
    public FaultRule during(Duration d) {
        return new FaultRule(directions, faults, scope, check().duration("duration", d), seed);
    }

    /**
     * {@return the same with the seed that chance is drawn from}
     *
     * @param s any; if it is not given, each time that the rule is applied draws one, which {@link RunningFault#seed}
     *     tells
     */
    public FaultRule seed(long s) {
        return new FaultRule(directions, faults, scope, duration, OptionalLong.of(s));
    }

    private static Check check() {
        return new Check("fault rule: ");
    }

    /** Fails, for the route that checks it, if one of the faults is not for what the route relays. */
    void requireFor(Transport transport, Check route) {
        for (Fault fault : faults) {
            boolean fits = transport == Transport.TCP
                    ? fault instanceof StreamFault || fault instanceof ListeningFault
                    : fault instanceof DatagramFault
                            || fault instanceof ListeningFault met
                                    && met.isForAll()
                                    && met != ListeningFault.UNRESPONSIVE;
            if (!fits) {
                throw route.wrong("faults: " + fault + " is not for " + transport + "; " + remedy(fault, transport));
            }
            if (transport == Transport.UDP && fault instanceof Latency late && (late.ofConnect() || late.ofEnd())) {
                throw route.wrong("faults: " + fault + " is not for UDP; datagrams have neither connect nor end");
            }
            if (fault instanceof Rebinding && directions.contains(Direction.TO_CLIENT)) {
                throw route.wrong("faults: " + fault + " is for the port that the upstream sees; use it to upstream");
            }
        }
    }

    private static String remedy(Fault fault, Transport transport) {
        if (transport == Transport.TCP) {
            return "use latency, bandwidth, slice, limit, halfClose, slowClose, stall, blackHole or reset";
        }
        return fault instanceof ListeningFault
                ? "refuse and pauseAccepting are, and blackHole has datagrams vanish"
                : "latency, stall, blackHole and the faults of datagrams are";
    }

    private FaultRule with(Scope next) {
        if (faults.get(0) instanceof ListeningFault fault && fault.isForAll() && !next.equals(Scope.all())) {
            throw check().wrong(fault + " meets all who connect, and cannot pick some,"
                    + " as acceptAndClose and acceptAndReset can");
        }
        return new FaultRule(directions, faults, next, duration, seed);
    }

    /** {@return the directions that it is for; none for what clients meet when they connect} */
    public List<Direction> directions() {
        return directions;
    }

    /** {@return the faults, in their order; at least one} */
    public List<Fault> faults() {
        return faults;
    }

    /** {@return which flows it is for, by their beginning} */
    public Flows flows() {
        return scope.flows;
    }

    /** {@return what a flow must pass; true for all if nothing was asked} */
    public Predicate<? super Flow> which() {
        return scope.which == null ? flow -> true : scope.which;
    }

    /** {@return the share of flows that it is for} */
    public double probability() {
        return scope.probability;
    }

    /** {@return how many flows it is for, the first ones; 0: all} */
    public int first() {
        return scope.first;
    }

    /** {@return how long it stays; zero: until it is undone} */
    public Duration duration() {
        return duration;
    }

    /** {@return the seed, if it was given one} */
    public OptionalLong seed() {
        return seed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FaultRule that
                && directions.equals(that.directions)
                && faults.equals(that.faults)
                && scope.equals(that.scope)
                && duration.equals(that.duration)
                && seed.equals(that.seed);
    }

    @Override
    public int hashCode() {
        return Objects.hash(directions, faults, scope, duration, seed);
    }

    /** {@return the rule as a sentence, such as {@code to client: latency PT0.1S, for the first 3 flows}} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(place()).append(": ");
        text.append(faults.stream().map(Fault::toString).collect(Collectors.joining(", then ")));
        if (scope.first > 0) {
            text.append(", for the first ").append(scope.first);
        }
        if (scope.probability < 1) {
            text.append(", for ").append(scope.probability).append(" of flows");
        }
        if (scope.flows != Flows.ALL) {
            text.append(", for ").append(scope.flows).append(" flows");
        }
        if (scope.which != null) {
            text.append(", for some flows");
        }
        return duration.isZero()
                ? text.toString()
                : text.append(", during ").append(duration).toString();
    }

    private String place() {
        if (directions.isEmpty()) {
            return "listening";
        }
        return directions.size() > 1
                ? "both ways"
                : directions.get(0) == Direction.TO_CLIENT ? "to client" : "to upstream";
    }
}
