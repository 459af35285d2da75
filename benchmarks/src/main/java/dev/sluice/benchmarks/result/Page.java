package dev.sluice.benchmarks.result;

import dev.sluice.benchmarks.contender.Contenders;
import java.util.List;
import java.util.stream.Collectors;
import org.knowm.xchart.CategoryChart;

/** A comparison as a page that needs nothing else: its tables, and its charts drawn into it. */
final class Page {
    private static final String STYLE = """
            body { font: 15px/1.5 system-ui, sans-serif; color: #1f2328 }
            body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
            h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2.5rem }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums }
            th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #d8dee4 }
            th:first-child, td:first-child { text-align: left }
            tr.ours { font-weight: 600 }
            figure { margin: 1rem 0 } svg { max-width: 100%; height: auto }
            """;

    private final Comparison comparison;

    Page(Comparison comparison) {
        this.comparison = comparison;
    }

    String render() {
        StringBuilder page = new StringBuilder();
        page.append(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Sluice: comparison</title>\n");
        page.append("<style>\n").append(STYLE).append("</style>\n<h1>Sluice beside others</h1>\n");
        page.append("<p>Begun ").append(escape(comparison.begun()));
        page.append(" by <code>").append(escape(comparison.command())).append("</code></p>\n<ul>\n");
        comparison.machine().forEach((name, value) -> item(page, name + ": " + value));
        comparison.notes().forEach(note -> item(page, note));
        page.append("</ul>\n");
        List<CaseResult> compared = comparison.summarized();
        if (!compared.isEmpty()) {
            figure(page, Charts.summary(compared), "summary");
        }
        int number = 0;
        for (CaseResult result : comparison.cases()) {
            page.append("<h2>").append(escape(result.name())).append("</h2>\n");
            figure(page, Charts.of(result), "case" + number++);
            table(page, result);
        }
        return page.append("</html>\n").toString();
    }

    private static void figure(StringBuilder page, CategoryChart chart, String id) {
        page.append("<figure>").append(Svg.draw(chart, id)).append("</figure>\n");
    }

    private static void item(StringBuilder page, String text) {
        page.append("<li>").append(escape(text)).append("</li>\n");
    }

    private static void table(StringBuilder page, CaseResult result) {
        TextTable table = new TextTable(result);
        page.append("<table>\n");
        row(page, "<tr>", "th", table.header());
        for (Row each : result.rows()) {
            boolean isOurs = each.contender().equals(Contenders.OURS);
            row(page, isOurs ? "<tr class=\"ours\">" : "<tr>", "td", table.line(each));
        }
        page.append("</table>\n");
    }

    private static void row(StringBuilder page, String tag, String cell, List<String> texts) {
        page.append(texts.stream()
                .map(text -> "<" + cell + ">" + escape(text) + "</" + cell + ">")
                .collect(Collectors.joining("", tag, "</tr>\n")));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
