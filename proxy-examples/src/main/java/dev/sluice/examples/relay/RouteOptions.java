package dev.sluice.examples.relay;

import dev.sluice.Cidr;
import dev.sluice.Ejection;
import dev.sluice.ProxyProtocol;
import dev.sluice.SourceAddress;
import dev.sluice.Transport;
import dev.sluice.UpstreamSelector;
import dev.sluice.fault.Fault;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What follows the {@code ?} of a route: its options, asked for one by one by the settings that they are for. */
final class RouteOptions {
    private static final Map<String, Function<String, ?>> BOTH = Map.ofEntries(
            Map.entry("name", text -> text),
            Map.entry("select", Selection::parse),
            Map.entry("weight", numbers(0, 1_000)),
            Map.entry("priority", numbers(0, 1_000)),
            Map.entry("limit", numbers(0, Integer.MAX_VALUE)),
            Map.entry("allow", RouteOptions::blocks),
            Map.entry("deny", RouteOptions::blocks),
            Map.entry("maxPerClient", atLeast(0)),
            Map.entry("proxyIn", RouteOptions::blocks),
            Map.entry("source", SourceOptions::source),
            Map.entry("intercept", RouteOptions::flag),
            Map.entry("resolve", RouteOptions::interval),
            Map.entry("eject", RouteOptions::ejection),
            Map.entry("check", RouteOptions::interval),
            Map.entry("checkSend", EscapedText::parse),
            Map.entry("checkExpect", EscapedText::parse),
            Map.entry("checkPort", text -> within(1, 65_535, text, number(text))),
            Map.entry("checkTimeout", RouteOptions::interval),
            Map.entry("rise", atLeast(1)),
            Map.entry("fall", atLeast(1)),
            Map.entry("slowStart", DurationText::parse),
            Map.entry("panicBelow", RouteOptions::fraction),
            Map.entry("toClient", FaultForm::parse),
            Map.entry("toUpstream", FaultForm::parse),
            Map.entry("bothWays", FaultForm::parse),
            Map.entry("listening", FaultForm::parseListening),
            Map.entry("faultShare", RouteOptions::fraction),
            Map.entry("faultFirst", atLeast(0)),
            Map.entry("faultFor", DurationText::parse),
            Map.entry("faultSeed", FaultOptions::seed),
            Map.entry("idle", DurationText::parse));
    private static final Map<String, Function<String, ?>> TCP = and(Map.ofEntries(
            Map.entry("connect", DurationText::parse),
            Map.entry("attempts", atLeast(1)),
            Map.entry("deadline", DurationText::parse),
            Map.entry("preface", DurationText::parse),
            Map.entry("proxyOut", HeaderOptions::version),
            Map.entry("halfClosed", DurationText::parse),
            Map.entry("maxDuration", DurationText::parse),
            Map.entry("jitter", RouteOptions::fraction),
            Map.entry("maxConnections", atLeast(0)),
            Map.entry("acceptRate", atLeast(0)),
            Map.entry("backlog", atLeast(1)),
            Map.entry("keepAlive", RouteOptions::keepAlive),
            Map.entry("noDelay", RouteOptions::flag)));
    private static final Map<String, Function<String, ?>> UDP = and(Map.ofEntries(
            Map.entry("proxyOut", HeaderOptions::isInEach),
            Map.entry("maxSessions", atLeast(1)),
            Map.entry("maxDatagram", text -> within(1, 65_507, text, SizeText.parse(text))),
            Map.entry("requests", atLeast(0)),
            Map.entry("responses", atLeast(-1)),
            Map.entry("receiveBuffer", text -> within(1, Integer.MAX_VALUE, text, SizeText.parse(text)))));

    private final Map<String, Object> values;

    private static Map<String, Function<String, ?>> and(Map<String, Function<String, ?>> own) {
        Map<String, Function<String, ?>> all = new HashMap<>(BOTH);
        all.putAll(own);
        return Map.copyOf(all);
    }

    private RouteOptions(Map<String, Object> values) {
        this.values = values;
    }

    static RouteOptions none() {
        return new RouteOptions(Map.of());
    }

    /** Reads {@code option=value[&option=value...]}, of which every option is one that routes of the kind have. */
    static RouteOptions parse(String text, Transport transport) {
        Map<String, Function<String, ?>> readers = readers(transport);
        Map<String, Object> values = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String option = equals < 0 ? pair : pair.substring(0, equals);
            Function<String, ?> reader = readers.get(option);
            if (reader == null) {
                throw unknown(option, transport);
            }
            if (equals < 0 || equals == pair.length() - 1) {
                throw new IllegalArgumentException("option " + option + " has no value; write " + option + "=...");
            }
            if (values.put(option, read(option, pair.substring(equals + 1), reader)) != null) {
                throw new IllegalArgumentException("option " + option + " is given twice; leave one out");
            }
        }
        return new RouteOptions(values);
    }

    private static Map<String, Function<String, ?>> readers(Transport transport) {
        return transport == Transport.TCP ? TCP : UDP;
    }

    /** {@return what options the routes of a kind have, in alphabetical order} */
    static Set<String> names(Transport transport) {
        return new TreeSet<>(readers(transport).keySet());
    }

    private static Object read(String option, String value, Function<String, ?> reader) {
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("option " + option + ": " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException unknown(String option, Transport transport) {
        if (option.isEmpty()) {
            return new IllegalArgumentException("an option is empty; write ?option=value, with & between two");
        }
        boolean elsewhere = TCP.containsKey(option) || UDP.containsKey(option);
        String what = elsewhere
                ? "option " + option + " is not for " + transport + " routes"
                : "option \"" + option + "\" is unknown";
        return new IllegalArgumentException(what + "; there are " + String.join(", ", names(transport)));
    }

    static int number(String text) {
        if (!text.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a number of at most nine digits");
        }
        return Integer.parseInt(text);
    }

    /** What the library would refuse is refused here, in the words of whoever typed it. */
    private static Function<String, Integer> atLeast(int lowest) {
        return text -> within(lowest, Integer.MAX_VALUE, text, number(text));
    }

    /** A number for each upstream, with commas between them. */
    private static Function<String, List<Integer>> numbers(int lowest, int highest) {
        return text -> Arrays.stream(text.split(",", -1))
                .map(each -> within(lowest, highest, each, number(each)))
                .toList();
    }

    private static int within(int lowest, int highest, String text, int value) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException("\"" + text + "\" is out of range; use " + lowest
                    + (highest == Integer.MAX_VALUE ? " or more" : " to " + highest));
        }
        return value;
    }

    private static Duration keepAlive(String text) {
        Duration idle = DurationText.parse(text);
        if (!idle.isZero() && (idle.toSeconds() < 1 || idle.toSeconds() > 32_767)) {
            throw new IllegalArgumentException("\"" + text + "\" is out of range; use 1s to 32767s, or 0 for none");
        }
        return idle;
    }

    private static Cidr[] blocks(String text) {
        return Arrays.stream(text.split(",", -1)).map(Cidr::of).toArray(Cidr[]::new);
    }

    private static Ejection ejection(String text) {
        return text.equals("off") ? Ejection.off() : Ejection.after(within(1, Integer.MAX_VALUE, text, number(text)));
    }

    private static Duration interval(String text) {
        Duration every = DurationText.parse(text);
        if (every.isZero()) {
            throw new IllegalArgumentException("\"" + text + "\" is out of range; use 1ms or more");
        }
        return every;
    }

    static double fraction(String text) {
        if (!text.matches("0(\\.\\d{1,9})?|1(\\.0{1,9})?")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a fraction; use 0 to 1, for example 0.2");
        }
        return Double.parseDouble(text);
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
        }
        return text.equals("true");
    }

    boolean has(String option) {
        return values.containsKey(option);
    }

    Optional<String> name() {
        return Optional.ofNullable((String) values.get("name"));
    }

    UpstreamSelector selector(UpstreamSelector otherwise) {
        return (UpstreamSelector) values.getOrDefault("select", otherwise);
    }

    /** As many numbers as there are upstreams; none if the option is not given. */
    Optional<List<Integer>> numbers(String option, int upstreams) {
        @SuppressWarnings("unchecked")
        List<Integer> numbers = (List<Integer>) values.get(option);
        if (numbers != null && numbers.size() != upstreams) {
            throw new IllegalArgumentException("option " + option + " has " + numbers.size() + " of " + upstreams
                    + " numbers; give one for each upstream, with commas between them");
        }
        return Optional.ofNullable(numbers);
    }

    Ejection ejection(Ejection otherwise) {
        return (Ejection) values.getOrDefault("eject", otherwise);
    }

    /** Blocks of addresses; none if the option is not given. */
    Cidr[] blocks(String option, Cidr... otherwise) {
        return (Cidr[]) values.getOrDefault(option, otherwise);
    }

    /** What upstreams see. */
    SourceAddress source() {
        return (SourceAddress) values.getOrDefault("source", SourceAddress.proxy());
    }

    /** Which PROXY header; the option must be given. */
    ProxyProtocol version(String option) {
        return (ProxyProtocol) values.get(option);
    }

    /** What an escaped text stands for. */
    byte[] bytes(String option) {
        return (byte[]) values.getOrDefault(option, new byte[0]);
    }

    /** Faults in their order; the option must be given. */
    @SuppressWarnings("unchecked")
    List<Fault> faults(String option) {
        return (List<Fault>) values.get(option);
    }

    /** What chance is drawn from. */
    long seed(long otherwise) {
        return (long) values.getOrDefault("faultSeed", otherwise);
    }

    Duration duration(String option, Duration otherwise) {
        return (Duration) values.getOrDefault(option, otherwise);
    }

    int number(String option, int otherwise) {
        return (int) values.getOrDefault(option, otherwise);
    }

    double fraction(String option, double otherwise) {
        return (double) values.getOrDefault(option, otherwise);
    }

    boolean flag(String option, boolean otherwise) {
        return (boolean) values.getOrDefault(option, otherwise);
    }
}
