package dev.sluice.examples.relay;

import dev.sluice.UpstreamSelector;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The selectors by the names of their factories; {@code round-robin} is as good as {@code roundRobin}. */
enum Selection {
    ROUND_ROBIN("roundRobin", UpstreamSelector::roundRobin),
    LEAST_CONNECTIONS("leastConnections", UpstreamSelector::leastConnections),
    TWO_CHOICES("twoChoices", UpstreamSelector::twoChoices),
    RANDOM("random", UpstreamSelector::random),
    FAILOVER("failover", UpstreamSelector::failover),
    SOURCE_HASH("sourceHash", UpstreamSelector::sourceHash),
    MAGLEV("maglev", UpstreamSelector::maglev);

    private final String factory;
    private final Supplier<UpstreamSelector> selector;

    Selection(String factory, Supplier<UpstreamSelector> selector) {
        this.factory = factory;
        this.selector = selector;
    }

    static UpstreamSelector parse(String text) {
        for (Selection each : values()) {
            if (text.equals(each.factory) || text.equals(each.kebab())) {
                return each.selector.get();
            }
        }
        throw new IllegalArgumentException("\"" + text + "\" is not a selector; use one of "
                + Arrays.stream(values()).map(each -> each.factory).collect(Collectors.joining(", ")));
    }

    private String kebab() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
