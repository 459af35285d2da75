package dev.sluice.examples.relay;

import java.util.List;
import java.util.stream.Collectors;

/** Readings for a file or another program: a line for each route. */
final class StatsLines implements StatsView {

    @Override
    public String show(List<RouteReading> readings) {
        return readings.stream()
                .map(each -> line(each) + System.lineSeparator())
                .collect(Collectors.joining());
    }

    static String line(RouteReading reading) {
        String upstreams = reading.upstreams().stream()
                .map(each -> each.name() + " " + each.counts().active() + " " + each.state())
                .collect(Collectors.joining(", "));
        Counts counts = reading.route().counts();
        return "stats " + reading.route().name()
                + " flows " + counts.active()
                + ", opened " + counts.opened()
                + ", up " + SizeText.of(counts.up()) + " ("
                + SizeText.of(reading.route().upRate()) + "/s)"
                + ", down " + SizeText.of(counts.down()) + " ("
                + SizeText.of(reading.route().downRate()) + "/s)"
                + (upstreams.isEmpty() ? "" : "; " + upstreams)
                + (reading.troubles().isEmpty() ? "" : "; " + reading.troubles());
    }
}
