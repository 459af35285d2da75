package dev.sluice.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import dev.sluice.benchmarks.result.CaseResult;
import dev.sluice.benchmarks.result.Comparison;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The program from its arguments to its files. */
@Timeout(120)
class CompareTest {
    @TempDir
    private Path directory;

    private final StringWriter printed = new StringWriter();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        return new CommandLine(new Compare())
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }

    private Comparison compare(String workload) throws IOException {
        int status = run(
                "--only=sluice,direct", "--rounds=2", "--seconds=0.1", "--warm=0.1", "--out=" + directory, workload);
        assertThat(status).isZero();
        return new Gson().fromJson(Files.readString(directory.resolve("comparison.json")), Comparison.class);
    }

    @Test
    void aWorkloadIsMeasuredAndWritten() throws IOException {
        CaseResult churn = compare("churn").cases().get(0);

        assertThat(churn.rows()).extracting(Row::contender).containsExactly("sluice", "direct");
        Row ours = churn.rows().get(0);
        assertThat(ours.rounds()).hasSize(2);
        assertThat(churn.metrics()).contains(Metric.RATE, Metric.P50, Metric.P99, Metric.P999);
        assertThat(ours.median(Metric.RATE).orElseThrow()).isPositive();
        assertThat(churn.median("direct", Metric.CPU)).isEmpty();
        assertThat(directory.resolve("comparison.md")).content().contains("| sluice |");
        assertThat(printed.toString()).contains("| sluice |");
        assertThat(errors.toString()).contains("round 2 of 2");
        assertThat(directory.resolve("comparison.html")).content().contains("<svg");
        assertThat(directory.resolve("summary.svg")).content().startsWith("<svg");
    }

    @Test
    void latencyIsMeasuredAtAPartOfThePeak() throws IOException {
        Comparison requests = compare("requests");

        double peak = requests.cases().get(0).median("sluice", Metric.RATE).orElseThrow();
        CaseResult paced = requests.cases().get(2);
        assertThat(paced.median("sluice", Metric.RATE).orElseThrow()).isLessThan(peak);
        assertThat(paced.median("sluice", Metric.P99)).isPresent();
    }

    @Test
    void theStartOfARelayIsMeasured() throws IOException {
        CaseResult startup = compare("startup").cases().get(0);

        assertThat(startup.rows())
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.median(Metric.STARTUP)).isPresent());
    }

    @Test
    void anUnknownWorkloadIsRefusedWithTheNamesOfAll() {
        assertThat(run("churns")).isEqualTo(2);
        assertThat(errors.toString()).contains("no workload \"churns\"", "bulk, requests, pingpong, churn, udp, idle");
    }

    @Test
    void anUnknownContenderIsRefusedWithTheNamesOfAll() {
        assertThat(run("--only=netty", "churn")).isEqualTo(2);
        assertThat(errors.toString()).contains("no contender \"netty\"", "netty-nio, netty-epoll");
    }
}
