package dev.sluice.benchmarks.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A case as a table of text that is a Markdown table too. */
final class TextTable {
    private final CaseResult result;
    private final List<Metric> metrics;

    TextTable(CaseResult result) {
        this.result = result;
        this.metrics = result.metrics();
    }

    /** The table, its columns as wide as what is in them. */
    String render() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(header());
        for (Row row : result.rows()) {
            lines.add(line(row));
        }
        int[] widths = new int[header().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            append(text, lines.get(i), widths);
            if (i == 0) {
                text.append('|').append("-".repeat(widths[0] + 2)).append('|');
                for (int j = 1; j < widths.length; j++) {
                    text.append("-".repeat(widths[j] + 1)).append(":|");
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    List<String> header() {
        List<String> header = new ArrayList<>();
        header.add(result.name());
        for (Metric metric : metrics) {
            header.add(title(metric));
            if (metric == result.main()) {
                header.add("× best");
            }
        }
        return header;
    }

    private String title(Metric metric) {
        return switch (metric) {
            case CPU, COLD_CPU -> metric.title() + " " + result.unit().cpuTitle();
            case RATE -> result.unit().title() + "/s";
            default -> metric.title();
        };
    }

    /** A contender's line: its name, and the median of each metric. */
    List<String> line(Row row) {
        List<String> line = new ArrayList<>();
        line.add(row.contender());
        for (Metric metric : metrics) {
            OptionalDouble median = row.median(metric);
            line.add(text(median));
            if (metric == result.main()) {
                OptionalDouble best = result.least(metric, List.of());
                // What the noise has made nothing, or less, is nothing to compare with.
                boolean isComparable = median.isPresent() && best.isPresent() && best.getAsDouble() > 0;
                line.add(
                        isComparable
                                ? String.format(Locale.ROOT, "%.2f", median.getAsDouble() / best.getAsDouble())
                                : "");
            }
        }
        return line;
    }

    private static String text(OptionalDouble value) {
        if (value.isEmpty()) {
            return "";
        }
        double number = value.getAsDouble();
        int decimals = number == 0 || Math.abs(number) >= 1_000 ? 0 : Math.abs(number) >= 100 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", number);
    }

    private static void append(StringBuilder text, List<String> line, int[] widths) {
        text.append("| ").append(String.format("%-" + widths[0] + "s", line.get(0)));
        for (int i = 1; i < widths.length; i++) {
            text.append(" | ").append(String.format("%" + widths[i] + "s", line.get(i)));
        }
        text.append(" |\n");
    }
}
