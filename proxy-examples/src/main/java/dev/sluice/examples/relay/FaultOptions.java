package dev.sluice.examples.relay;

import dev.sluice.FaultRule;
import dev.sluice.RouteBuilder;
import dev.sluice.fault.Fault;
import dev.sluice.fault.ListeningFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The options of faults: what goes wrong on a route, and for which flows. */
final class FaultOptions {
    /** In the order in which their faults work. */
    private static final List<String> PLACES = List.of("listening", "toUpstream", "toClient", "bothWays");
    /** Those that say something about faults, if there are any. */
    private static final List<String> DETAILS = List.of("faultShare", "faultFirst", "faultFor", "faultSeed");
    /** Few digits, to be typed again. */
    private static final int DRAWN_BELOW = 1_000_000_000;

    private FaultOptions() {}

    static long seed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a seed; write a whole number, such as one that --stats has told", e);
        }
    }

    /** @param route in whose name it complains */
    static void apply(RouteOptions options, RouteBuilder<?, ?> builder, String route) {
        // One for all, so that one option repeats them all.
        long seed = options.seed(ThreadLocalRandom.current().nextInt(DRAWN_BELOW));
        List<FaultRule> rules = new ArrayList<>();
        for (String place : PLACES) {
            if (options.has(place)) {
                rules.add(scoped(rule(place, options.faults(place)), options, seed, route));
            }
        }
        for (String detail : DETAILS) {
            if (rules.isEmpty() && options.has(detail)) {
                throw wrong(
                        route,
                        detail + " is about faults, of which there are none;"
                                + " give one too, such as toClient=latency:100ms");
            }
        }
        builder.faults(rules.toArray(FaultRule[]::new));
    }

    private static FaultRule rule(String place, List<Fault> faults) {
        Fault first = faults.get(0);
        Fault[] more = faults.subList(1, faults.size()).toArray(Fault[]::new);
        return switch (place) {
            case "toClient" -> FaultRule.toClient(first, more);
            case "toUpstream" -> FaultRule.toUpstream(first, more);
            case "bothWays" -> FaultRule.bothWays(first, more);
            default -> FaultRule.listening((ListeningFault) first);
        };
    }

    private static FaultRule scoped(FaultRule rule, RouteOptions options, long seed, String route) {
        double share = options.fraction("faultShare", 1);
        int first = options.number("faultFirst", 0);
        FaultRule timed = rule.during(options.duration("faultFor", Duration.ZERO));
        if (picksFlows(rule)) {
            return timed.probability(share).first(first).seed(seed);
        }
        if (share < 1 || first > 0) {
            throw wrong(
                    route,
                    "listening is what all clients meet, unless it is acceptAndClose or acceptAndReset;"
                            + " leave out faultShare and faultFirst");
        }
        return timed;
    }

    /** Whether a rule is for some flows or others, rather than for the port itself. */
    static boolean picksFlows(FaultRule rule) {
        return !(rule.faults().get(0) instanceof ListeningFault met && met.isForAll());
    }

    private static IllegalArgumentException wrong(String route, String what) {
        return new IllegalArgumentException("route \"" + route + "\": option " + what);
    }
}
