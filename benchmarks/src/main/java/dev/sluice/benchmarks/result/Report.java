package dev.sluice.benchmarks.result;

import java.util.List;

/** A comparison as Markdown, for the terminal and for a page of results. */
final class Report {
    private final Comparison comparison;

    Report(Comparison comparison) {
        this.comparison = comparison;
    }

    String render() {
        StringBuilder text = new StringBuilder();
        text.append("Begun ")
                .append(comparison.begun())
                .append(" by `")
                .append(comparison.command())
                .append("`.\n\n");
        comparison
                .machine()
                .forEach((name, value) -> text.append("- ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        comparison.notes().forEach(note -> text.append("- ").append(note).append('\n'));
        for (CaseResult result : comparison.cases()) {
            text.append('\n').append(new TextTable(result).render());
        }
        List<String> goals = Goal.check(comparison.cases());
        if (!goals.isEmpty()) {
            text.append("\n| goal | case | at most | reached | |\n|---|---|--:|--:|---|\n");
            goals.forEach(goal -> text.append(goal).append('\n'));
        }
        return text.toString();
    }
}
