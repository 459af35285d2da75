package dev.sluice.examples.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Readings for people to watch: a table of 80 columns, drawn over the one before. */
final class StatsTable implements StatsView {
    private static final int WIDTH = 80;
    private static final int NAME_WIDTH = 22;
    private static final String FORM = "%-" + NAME_WIDTH + "s%6s%9s%9s%9s%9s%9s  %-5s";

    private int drawn;

    @Override
    public String show(List<RouteReading> readings) {
        List<String> lines = lines(readings);
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            // up to the first line of the table before
            text.append("\033[").append(drawn).append('A');
        }
        // each line ends with what wipes the rest of an older one, the last with what wipes lines below
        lines.forEach(line -> text.append(line).append("\033[K").append(System.lineSeparator()));
        drawn = lines.size();
        return text.append("\033[J").toString();
    }

    static List<String> lines(List<RouteReading> readings) {
        List<String> lines = new ArrayList<>();
        lines.add(row("ROUTE", "FLOWS", "OPENED", "UP/S", "DOWN/S", "UP", "DOWN", "STATE"));
        for (RouteReading each : readings) {
            lines.add(row(each.route(), ""));
            each.upstreams().forEach(upstream -> lines.add(row(upstream, "  ")));
            if (!each.troubles().isEmpty()) {
                lines.add(cut("  ! " + each.troubles(), WIDTH));
            }
        }
        return lines;
    }

    private static String row(Reading reading, String indent) {
        Counts counts = reading.counts();
        return row(
                cut(indent + reading.name(), NAME_WIDTH),
                counts.active(),
                counts.opened(),
                SizeText.of(reading.upRate()),
                SizeText.of(reading.downRate()),
                SizeText.of(counts.up()),
                SizeText.of(counts.down()),
                reading.state());
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, FORM, cells).stripTrailing();
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 2) + "..";
    }
}
