package dev.sluice.benchmarks.result;

import dev.sluice.benchmarks.contender.Contenders;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Charts of what contenders are compared by, as bars. */
final class Charts {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 320;
    private static final int LABELS_ROTATION = 30;
    private static final Color OURS = new Color(0x1f6feb);
    private static final Color OTHERS = new Color(0xa8b3c1);
    /** Greys and earths, so that ours is the one that is seen. */
    private static final List<Color> EACH = List.of(
            new Color(0x57606a),
            new Color(0x8c959f),
            new Color(0xc3cad2),
            new Color(0x7d5b3f),
            new Color(0xb08d6a),
            new Color(0xddc7ae),
            new Color(0x5f7a61),
            new Color(0xa3b9a0),
            new Color(0xd9c86c));

    private Charts() {}

    /** All contenders in one case. */
    static CategoryChart of(CaseResult result) {
        List<Row> rows = new ArrayList<>(result.rows());
        rows.removeIf(row -> row.median(result.main()).isEmpty());
        CategoryChart chart = chart(result.name() + ": " + axis(result));
        chart.getStyler().setOverlapped(true).setLegendVisible(false);
        chart.getStyler().setXAxisLabelRotation(LABELS_ROTATION);
        // Two series that overlap, since a colour belongs to a series.
        List<String> names = rows.stream().map(Row::contender).toList();
        List<Double> ours = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        for (Row row : rows) {
            double median = row.median(result.main()).orElseThrow();
            boolean isOurs = row.contender().equals(Contenders.OURS);
            ours.add(isOurs ? median : 0.0);
            others.add(isOurs ? 0.0 : median);
        }
        chart.addSeries("others", names, others).setFillColor(OTHERS);
        chart.addSeries(Contenders.OURS, names, ours).setFillColor(OURS);
        return chart;
    }

    /** The processor time of all contenders in these cases, each as a multiple of ours. */
    static CategoryChart summary(List<CaseResult> cases) {
        CategoryChart chart = chart("processor time for the same work, as a multiple of Sluice's");
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
        List<String> names = cases.stream().map(CaseResult::name).toList();
        List<String> contenders = cases.stream()
                .flatMap(each -> each.rows().stream())
                .map(Row::contender)
                .distinct()
                .filter(contender -> cases.stream()
                        .anyMatch(each -> each.median(contender, Metric.CPU).isPresent()))
                .toList();
        int colour = 0;
        for (String contender : contenders) {
            List<Double> ratios =
                    cases.stream().map(each -> ratio(each, contender)).toList();
            boolean isOurs = contender.equals(Contenders.OURS);
            chart.addSeries(contender, names, ratios).setFillColor(isOurs ? OURS : EACH.get(colour++ % EACH.size()));
        }
        return chart;
    }

    private static double ratio(CaseResult result, String contender) {
        OptionalDouble ours = result.median(Contenders.OURS, Metric.CPU);
        OptionalDouble theirs = result.median(contender, Metric.CPU);
        return ours.isEmpty() || theirs.isEmpty() ? 0 : theirs.getAsDouble() / ours.getAsDouble();
    }

    private static String axis(CaseResult result) {
        return result.main() == Metric.CPU
                ? "processor time, " + result.unit().cpuTitle()
                : result.main().title();
    }

    private static CategoryChart chart(String title) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .build();
        chart.getStyler()
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }
}
