package dev.sluice.examples.relay;

import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Readings for a file or another program: a line for each route, with the time in front. */
final class StatsLines implements StatsView {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private final Clock clock;

    StatsLines(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String show(List<RouteReading> readings) {
        String now = TIME.format(clock.instant());
        return readings.stream()
                .map(each -> now + " " + line(each) + System.lineSeparator())
                .collect(Collectors.joining());
    }

    private static String line(RouteReading reading) {
        String upstreams = reading.upstreams().stream()
                .map(each -> each.name() + " " + each.counts().active() + " " + each.state())
                .collect(Collectors.joining(", "));
        String faults = reading.faults().stream().map(each -> "; fault " + each).collect(Collectors.joining());
        Counts counts = reading.route().counts();
        return "stats " + reading.route().name()
                + " flows " + counts.active()
                + ", opened " + counts.opened()
                + ", up " + SizeText.of(counts.up()) + " ("
                + SizeText.of(reading.route().upRate()) + "/s)"
                + ", down " + SizeText.of(counts.down()) + " ("
                + SizeText.of(reading.route().downRate()) + "/s)"
                + (upstreams.isEmpty() ? "" : "; " + upstreams)
                + faults
                + (reading.troubles().isEmpty() ? "" : "; " + reading.troubles());
    }
}
