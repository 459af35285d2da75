package dev.sluice.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What was measured becomes tables, goals and a page. */
class ResultTest {
    private static Row row(String contender, Metric metric, double... rounds) {
        return new Row(
                contender,
                DoubleStream.of(rounds).mapToObj(value -> Map.of(metric, value)).toList());
    }

    private static CaseResult result(String name, Metric main, Row... rows) {
        return new CaseResult("churn", name, Unit.CONNECTION, main, List.of(rows));
    }

    private static Comparison comparison(CaseResult... cases) {
        return new Comparison(
                "2026-11-25T10:00:00Z", "compare <churn>", Map.of("Java", "17"), List.of(), List.of(cases));
    }

    @Test
    void theMedianIsTheMiddleOfTheRoundsThatHaveTheMetric() {
        assertThat(row("a", Metric.CPU, 3, 1, 2).median(Metric.CPU)).hasValue(2);
        assertThat(row("a", Metric.CPU, 4, 1, 2, 3).median(Metric.CPU)).hasValue(2.5);
        assertThat(row("a", Metric.CPU, 1).median(Metric.RATE)).isEmpty();
    }

    @Test
    void whatARelayAddsIsTheDifferenceOfTheMedians() {
        Row row = new Row(
                "a",
                List.of(
                        Map.of(Metric.P99, 30.0, Metric.DIRECT_P99, 5.0),
                        Map.of(Metric.P99, 10.0, Metric.DIRECT_P99, 9.0),
                        Map.of(Metric.P99, 20.0, Metric.DIRECT_P99, 7.0)));

        assertThat(row.median(Metric.ADDED_P99)).hasValue(13);
        assertThat(row.median(Metric.ADDED_P50)).isEmpty();
    }

    @Test
    void aGoalIsNotJudgedByABestThatIsLessThanNothing() {
        CaseResult paced = result(
                "requests at 60 % of the own peak",
                Metric.ADDED_P99,
                new Row("sluice", List.of(Map.of(Metric.P99, 30.0, Metric.DIRECT_P99, 5.0))),
                new Row("nginx", List.of(Map.of(Metric.P99, 3.0, Metric.DIRECT_P99, 5.0))));

        assertThat(Goal.check(List.of(paced))).isEmpty();
    }

    @Test
    void processorTimeIsGivenForAUnit() {
        assertThat(Unit.CONNECTION.cpu(3_000_000, 100)).isEqualTo(30);
        assertThat(Unit.GIB.cpu(1_000_000_000L, 1L << 31)).isEqualTo(500);
    }

    @Test
    void aTableComparesWithTheBest() {
        CaseResult churn = result(
                "churn",
                Metric.CPU,
                row("sluice", Metric.CPU, 30),
                row("nginx", Metric.CPU, 40),
                row("direct", Metric.RATE, 5_000));

        assertThat(new TextTable(churn).render()).isEqualTo("""
                        | churn  | CPU µs/connection | × best | connection/s |
                        |--------|------------------:|-------:|-------------:|
                        | sluice |             30.00 |   1.00 |              |
                        | nginx  |             40.00 |   1.33 |              |
                        | direct |                   |        |        5,000 |
                        """);
    }

    @Test
    void aGoalIsReachedOrMissedAgainstTheBetterOfTheOthers() {
        CaseResult reached = result(
                "churn",
                Metric.CPU,
                row("sluice", Metric.CPU, 21),
                row("haproxy", Metric.CPU, 20),
                row("nginx", Metric.CPU, 25));
        CaseResult missed = result("churn", Metric.CPU, row("sluice", Metric.CPU, 22), row("haproxy", Metric.CPU, 20));

        assertThat(Goal.check(List.of(reached)))
                .containsExactly("| CPU, to the better of them | churn | 1.05 | 1.05 | reached |");
        assertThat(Goal.check(List.of(missed)))
                .containsExactly("| CPU, to the better of them | churn | 1.05 | 1.10 | missed |");
    }

    @Test
    void aGoalWithoutThoseItIsComparedWithIsNotJudged() {
        assertThat(Goal.check(List.of(
                        result("churn", Metric.CPU, row("sluice", Metric.CPU, 1), row("vertx", Metric.CPU, 2)))))
                .isEmpty();
    }

    @Test
    void manyConnectionsAreComparedWithFew() {
        CaseResult few = result("scale, 10 connections", Metric.CPU, row("sluice", Metric.CPU, 10));
        CaseResult many = result("scale, 5,000 connections", Metric.CPU, row("sluice", Metric.CPU, 12));

        assertThat(Goal.check(List.of(few, many)))
                .containsExactly("| CPU at 5,000 open connections, to that at 10 | scale | 1.15 | 1.20 | missed |");
    }

    @Test
    void theReportHasTheMachineEachTableAndTheGoals() {
        CaseResult churn = result("churn", Metric.CPU, row("sluice", Metric.CPU, 20), row("nginx", Metric.CPU, 20));

        assertThat(new Report(comparison(churn)).render())
                .contains(
                        "`compare <churn>`",
                        "- Java: 17",
                        "| sluice |",
                        "| goal |",
                        "| churn | 1.05 | 1.00 | reached |");
    }

    @Test
    void thePageNeedsNothingElse() {
        CaseResult churn = result("churn", Metric.CPU, row("sluice", Metric.CPU, 20), row("nginx", Metric.CPU, 21));

        String page = new Page(comparison(churn)).render();

        assertThat(page).contains("<svg", ">nginx<", "compare &lt;churn&gt;", "<tr class=\"ours\"><td>sluice</td>");
        assertThat(Arrays.asList("<script", "<link", "src=")).noneMatch(page::contains);
    }
}
