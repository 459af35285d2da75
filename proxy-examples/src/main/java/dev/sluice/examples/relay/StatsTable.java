package dev.sluice.examples.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Readings for people to watch: a table of 80 columns, or fewer where there are fewer, drawn over the one before. */
final class StatsTable implements StatsView {
    private static final int WIDTH = 80;
    private static final int NAME_WIDTH = 22;
    private static final String FORM = "%-" + NAME_WIDTH + "s%6s%9s%9s%9s%9s%9s  %-5s";

    private final Supplier<TerminalSize> terminal;
    private int drawn;

    /** @param terminal asked for its size each time that the table is drawn */
    StatsTable(Supplier<TerminalSize> terminal) {
        this.terminal = terminal;
    }

    @Override
    public String show(List<RouteReading> readings) {
        List<String> lines = fitting(lines(readings), terminal.get());
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            // up to the first line of the table before
            text.append("\033[").append(drawn).append('A');
        }
        // before each line goes what wipes the older one, after the last what wipes lines below
        lines.forEach(line -> text.append("\033[K").append(line).append(System.lineSeparator()));
        drawn = lines.size();
        return text.append("\033[J").toString();
    }

    /** What would wrap or scroll would not be where the next table is drawn over it. The cursor has a line, too. */
    private static List<String> fitting(List<String> lines, TerminalSize size) {
        int most = Math.max(1, size.lines() - 1);
        List<String> fitting = new ArrayList<>(lines);
        if (lines.size() > most) {
            fitting.subList(most - 1, lines.size()).clear();
            fitting.add((lines.size() - fitting.size()) + " more lines do not fit");
        }
        fitting.replaceAll(line -> line.substring(0, Math.min(line.length(), size.columns())));
        return fitting;
    }

    static List<String> lines(List<RouteReading> readings) {
        List<String> lines = new ArrayList<>();
        lines.add(row("ROUTE", "FLOWS", "OPENED", "UP/S", "DOWN/S", "UP", "DOWN", "STATE"));
        for (RouteReading each : readings) {
            lines.add(row(each.route(), ""));
            each.upstreams().forEach(upstream -> lines.add(row(upstream, "  ")));
            each.faults().forEach(fault -> lines.add(row(fault)));
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

    /** What a run is repeated with is not what is cut. */
    private static String row(FaultReading fault) {
        String end = fault.seed() + fault.flows();
        return cut("  ~ " + fault.rule(), WIDTH - end.length()) + end;
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, FORM, cells).stripTrailing();
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 2) + "..";
    }
}
