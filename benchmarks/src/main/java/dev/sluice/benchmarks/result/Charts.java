package dev.sluice.benchmarks.result;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.w3c.dom.Document;

/** A chart for each case: what its contenders are compared by, as bars. */
final class Charts {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 320;
    private static final int LABELS_ROTATION = 30;
    private static final Color OURS = new Color(0x1f6feb);
    private static final Color OTHERS = new Color(0xa8b3c1);
    private static final String SVG = "http://www.w3.org/2000/svg";

    private Charts() {}

    /** The chart as an SVG element; its text stays text. */
    static String svg(CaseResult result) throws IOException {
        List<Row> rows = new ArrayList<>(result.rows());
        rows.removeIf(row -> row.median(result.main()).isEmpty());
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(result.name() + ": " + axis(result))
                .build();
        chart.getStyler()
                .setOverlapped(true)
                .setLegendVisible(false)
                .setChartBackgroundColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setBaseFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        chart.getStyler().setXAxisLabelRotation(LABELS_ROTATION).setYAxisMin(0.0);
        addSeries(chart, result, rows);
        return draw(chart);
    }

    private static String axis(CaseResult result) {
        return result.main() == Metric.CPU
                ? "processor time, " + result.unit().cpuTitle()
                : result.main().title();
    }

    /** Two series that overlap, since a colour belongs to a series. */
    private static void addSeries(CategoryChart chart, CaseResult result, List<Row> rows) {
        List<String> names = rows.stream().map(Row::contender).toList();
        List<Double> ours = new ArrayList<>();
        List<Double> others = new ArrayList<>();
        for (Row row : rows) {
            OptionalDouble median = row.median(result.main());
            boolean isOurs = row.contender().equals(CaseResult.OURS);
            ours.add(isOurs ? median.getAsDouble() : 0.0);
            others.add(isOurs ? 0.0 : median.getAsDouble());
        }
        chart.addSeries("others", names, others).setFillColor(OTHERS);
        chart.addSeries(CaseResult.OURS, names, ours).setFillColor(OURS);
    }

    private static String draw(CategoryChart chart) throws IOException {
        SVGGraphics2D graphics = new SVGGraphics2D(emptyDocument());
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        StringWriter text = new StringWriter();
        graphics.stream(graphics.getRoot(), text, true, false);
        return text.toString();
    }

    private static Document emptyDocument() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK has no XML", e);
        }
    }
}
