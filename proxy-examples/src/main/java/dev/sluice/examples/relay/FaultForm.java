package dev.sluice.examples.relay;

import dev.sluice.fault.Fault;
import dev.sluice.fault.Latency;
import dev.sluice.fault.ListeningFault;
import dev.sluice.fault.Loss;
import dev.sluice.fault.Slicing;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The faults by the names of their factories, as they are written: {@code latency:100ms:20ms,bandwidth:64k}. */
enum FaultForm {
    LATENCY("latency:DELAY[:JITTER][:connect][:end]", FaultForm::latency),
    STALL("stall", values -> Fault.stall()),
    BLACK_HOLE("blackHole", values -> Fault.blackHole()),
    BANDWIDTH("bandwidth:SIZE[:shared]", FaultForm::bandwidth),
    SLICE("slice:SIZE[:GAP]", FaultForm::slice),
    LIMIT("limit:SIZE", values -> Fault.limit(SizeText.parse(values.get(0)))),
    HALF_CLOSE("halfClose", values -> Fault.halfClose()),
    HALF_CLOSE_AFTER("halfCloseAfter:SIZE", values -> Fault.halfCloseAfter(SizeText.parse(values.get(0)))),
    SLOW_CLOSE("slowClose:DELAY", values -> Fault.slowClose(DurationText.parse(values.get(0)))),
    RESET("reset", values -> Fault.reset()),
    RESET_AFTER("resetAfter:TIME", values -> Fault.resetAfter(DurationText.parse(values.get(0)))),
    RESET_AFTER_BYTES("resetAfterBytes:SIZE", values -> Fault.resetAfter((long) SizeText.parse(values.get(0)))),
    LOSS("loss:RATE[:BURST]", FaultForm::loss),
    LOSS_EVERY("lossEvery:N", values -> Fault.lossEvery(RouteOptions.number(values.get(0)))),
    DUPLICATE("duplicate:RATE", values -> Fault.duplicate(RouteOptions.fraction(values.get(0)))),
    REORDER("reorder:RATE", values -> Fault.reorder(RouteOptions.fraction(values.get(0)))),
    CORRUPT("corrupt:RATE", values -> Fault.corrupt(RouteOptions.fraction(values.get(0)))),
    TRUNCATE("truncate:SIZE", values -> Fault.truncate(SizeText.parse(values.get(0)))),
    REBIND(
            "rebind[:EVERY]",
            values -> values.isEmpty() ? Fault.rebind() : Fault.rebind().every(DurationText.parse(values.get(0))));

    private final String form;
    private final Function<List<String>, Fault> maker;

    FaultForm(String form, Function<List<String>, Fault> maker) {
        this.form = form;
        this.maker = maker;
    }

    /** Reads those of a direction, with commas between them; what is thrown says what would be right. */
    static List<Fault> parse(String text) {
        return Arrays.stream(text.split(",", -1)).map(FaultForm::one).toList();
    }

    private static Fault one(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a fault is empty; write one comma between two");
        }
        List<String> words = List.of(text.split(":", -1));
        FaultForm form = named(words.get(0));
        List<String> values = words.subList(1, words.size());
        if (values.size() < form.leastValues() || values.size() > form.mostValues()) {
            throw new IllegalArgumentException("\"" + text + "\" has too "
                    + (values.size() < form.leastValues() ? "few" : "many") + " values; write " + form.form);
        }
        try {
            return form.maker.apply(values);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\": " + e.getMessage(), e);
        }
    }

    private static FaultForm named(String name) {
        for (FaultForm each : values()) {
            if (name.equals(each.factory())) {
                return each;
            }
        }
        if (listeningNames().contains(name)) {
            throw new IllegalArgumentException("\"" + name + "\" has no direction; write listening=" + name);
        }
        throw new IllegalArgumentException("\"" + name + "\" is not a fault; use one of "
                + Arrays.stream(values()).map(FaultForm::factory).collect(Collectors.joining(", ")));
    }

    /** Reads the one that clients meet when they connect. */
    static List<Fault> parseListening(String text) {
        int index = listeningNames().indexOf(text);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not what clients can meet; use one of " + String.join(", ", listeningNames()));
        }
        return List.of(ListeningFault.values()[index]);
    }

    /** The names of the factories, in the order of what they make. */
    static List<String> listeningNames() {
        return Arrays.stream(ListeningFault.values())
                .map(fault -> camel(fault.name()))
                .toList();
    }

    private static String camel(String constant) {
        StringBuilder name = new StringBuilder();
        for (String word : constant.split("_")) {
            String lower = word.toLowerCase(Locale.ROOT);
            name.append(name.isEmpty() ? lower : word.charAt(0) + lower.substring(1));
        }
        return name.toString();
    }

    private String factory() {
        return camel(name());
    }

    private int mostValues() {
        return form.split(":", -1).length - 1;
    }

    private int leastValues() {
        return mostValues() - (form.split("\\[:", -1).length - 1);
    }

    private static Fault latency(List<String> values) {
        Latency latency = Fault.latency(DurationText.parse(values.get(0)));
        for (String value : values.subList(1, values.size())) {
            latency = switch (value) {
                case "connect" -> latency.withConnect();
                case "end" -> latency.withEnd();
                default -> jittered(latency, value);
            };
        }
        return latency;
    }

    private static Latency jittered(Latency latency, String jitter) {
        if (!latency.jitter().isZero()) {
            throw new IllegalArgumentException("\"" + jitter + "\" is a second jitter; leave one out");
        }
        return latency.jitter(DurationText.parse(jitter));
    }

    private static Fault bandwidth(List<String> values) {
        if (values.size() == 1) {
            return Fault.bandwidth(SizeText.parse(values.get(0)));
        }
        if (!values.get(1).equals("shared")) {
            throw new IllegalArgumentException(
                    "\"" + values.get(1) + "\" is not shared; write that, or nothing for each flow by itself");
        }
        return Fault.bandwidth(SizeText.parse(values.get(0))).shared();
    }

    private static Fault slice(List<String> values) {
        Slicing slicing = Fault.slice(SizeText.parse(values.get(0)));
        return values.size() == 1 ? slicing : slicing.gap(DurationText.parse(values.get(1)));
    }

    private static Fault loss(List<String> values) {
        Loss loss = Fault.loss(RouteOptions.fraction(values.get(0)));
        return values.size() == 1 ? loss : loss.inBurstsOf(RouteOptions.number(values.get(1)));
    }

    /** How it is written, with what may be left out in brackets. */
    @Override
    public String toString() {
        return form;
    }
}
