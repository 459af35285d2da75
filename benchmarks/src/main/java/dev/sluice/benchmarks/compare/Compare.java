package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.contender.Contender;
import dev.sluice.benchmarks.contender.Contenders;
import dev.sluice.benchmarks.result.CaseResult;
import dev.sluice.benchmarks.result.Comparison;
import dev.sluice.benchmarks.result.ResultFiles;
import dev.sluice.benchmarks.upstream.UpstreamProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program: Sluice beside HAProxy, nginx, Netty and others, under the same work. */
@Command(
        name = "compare.jar",
        description = {
            "Puts the same work through Sluice, HAProxy, nginx, Netty, Vert.x and NetCrusher, each in a process of its"
                    + " own with one worker, round by round, and prints the processor time that each took for it."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class Compare implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "WORKLOAD", description = "What to run, all unless some are named.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "Rounds of each contender: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "1",
            description = "How long a round lasts: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--warm",
            paramLabel = "S",
            defaultValue = "10",
            description = "How long each works before its first round, at least: ${DEFAULT-VALUE}; longer while the JIT"
                    + " is busy. The cold figure is of this time.")
    private double warm;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "Contenders to run, by comma; all by default.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "DIRECTORY",
            defaultValue = "comparison",
            description = "Where comparison.json, .md and .html and summary.svg go: ${DEFAULT-VALUE}.")
    private Path out;

    private String command = "";

    /** Runs the comparison. */
    public static void main(String[] args) {
        System.setProperty("java.awt.headless", "true");
        Compare compare = new Compare();
        compare.command = ("java -jar benchmarks/target/compare.jar " + String.join(" ", args)).strip();
        CommandLine line = new CommandLine(compare);
        line.getCommandSpec().usageMessage().footer(workloads());
        System.exit(line.execute(args));
    }

    private static String[] workloads() {
        List<String> lines = new ArrayList<>(List.of("%nWorkloads:"));
        for (Workload workload : Workloads.all()) {
            lines.add(String.format(
                    "  %-15s %s", workload.name(), workload.description().replace("%", "%%")));
        }
        return lines.toArray(String[]::new);
    }

    @Override
    public Integer call() throws IOException {
        List<Workload> workloads = chosenWorkloads();
        List<Contender> contenders = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Contender contender : chosenContenders()) {
            contender.missing().ifPresentOrElse(missing::add, () -> contenders.add(contender));
        }
        if (rounds < 1 || seconds <= 0 || warm <= 0) {
            throw new ParameterException(
                    spec.commandLine(), "--rounds, --seconds and --warm must be more than nothing: leave them out");
        }
        Plan plan = new Plan(rounds, duration(seconds), duration(warm));
        String begun = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Map<String, String> machine = Machine.describe(contenders);
        List<CaseResult> results = new ArrayList<>();
        try (UpstreamProcess upstream = UpstreamProcess.start()) {
            Bench bench =
                    new Bench(plan, contenders, upstream, spec.commandLine().getErr());
            missing.forEach(bench::note);
            for (Workload workload : workloads) {
                run(workload, bench, results);
                // After each, so that what was measured is not lost with what comes.
                ResultFiles.write(new Comparison(begun, command, machine, bench.notes(), results), out);
            }
        }
        spec.commandLine().getOut().println(Files.readString(out.resolve(ResultFiles.REPORT)));
        spec.commandLine().getErr().println("written: " + out.toAbsolutePath());
        return 0;
    }

    private static void run(Workload workload, Bench bench, List<CaseResult> results) {
        try {
            workload.run(bench, results::add);
        } catch (IOException | UncheckedIOException e) {
            bench.note(workload.name() + " failed: " + e);
        }
    }

    private List<Workload> chosenWorkloads() {
        for (String name : names) {
            if (Workloads.all().stream().noneMatch(each -> each.name().equals(name))) {
                throw new ParameterException(
                        spec.commandLine(), "there is no workload \"" + name + "\": take " + names());
            }
        }
        return Workloads.all().stream()
                .filter(each -> names.isEmpty() || names.contains(each.name()))
                .toList();
    }

    private static String names() {
        return String.join(", ", Workloads.all().stream().map(Workload::name).toList());
    }

    private List<Contender> chosenContenders() {
        List<Contender> all = Contenders.all();
        for (String name : only) {
            if (all.stream().noneMatch(each -> each.name().equals(name))) {
                String known =
                        String.join(", ", all.stream().map(Contender::name).toList());
                throw new ParameterException(
                        spec.commandLine(), "there is no contender \"" + name + "\": take " + known);
            }
        }
        return all.stream()
                .filter(each -> only.isEmpty() || only.contains(each.name()))
                .toList();
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
