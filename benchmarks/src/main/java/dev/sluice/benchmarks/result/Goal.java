package dev.sluice.benchmarks.result;

import dev.sluice.benchmarks.contender.Contenders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A number that we mean to reach, as a ratio within one run.
 *
 * @param text what is compared with what
 * @param most the ratio that it may have
 * @param cases that must each reach it, by the beginning of their name
 * @param metric that is compared
 * @param others whose best it is compared with; none, and the value itself counts
 */
record Goal(String text, double most, String cases, Metric metric, List<String> others) {
    private static final List<String> AT_DEFAULTS = List.of("haproxy", "nginx");
    private static final List<String> TUNED = List.of("haproxy-tuned", "haproxy-splice", "nginx-tuned");
    private static final List<String> NGINX = List.of("nginx", "nginx-tuned");
    private static final List<String> PEERS =
            List.of("haproxy", "haproxy-tuned", "haproxy-splice", "nginx", "nginx-tuned");
    private static final List<String> NETTY = List.of("netty-nio");
    private static final List<String> BY_HAND = List.of("by hand, two threads");

    private static final double SCALE = 1.15;

    private static final List<Goal> ALL = List.of(
            cpu("CPU, to the better of HAProxy and nginx at defaults", 0.60, "bulk", AT_DEFAULTS),
            cpu("CPU, to the better of them with 256 KiB buffers", 1.00, "bulk", TUNED),
            cpu("CPU, to the better of them", 1.00, "requests, ", PEERS),
            cpu("CPU, to the better of them", 1.05, "churn", PEERS),
            cpu("CPU, to nginx", 0.80, "udp", NGINX),
            cpu("CPU, to Netty NIO", 0.75, "bulk", NETTY),
            cpu("CPU, to Netty NIO", 0.75, "requests, ", NETTY),
            cpu("CPU, to Netty NIO", 0.75, "churn", NETTY),
            cpu("CPU, to Netty NIO", 0.75, "udp", NETTY),
            new Goal("added p99, to the better of HAProxy and nginx", 1.10, "requests at", Metric.ADDED_P99, PEERS),
            new Goal("startup, to a relay of two threads", 1.50, "startup", Metric.STARTUP, BY_HAND),
            new Goal("KiB of heap", 1.6, "idle, TCP", Metric.HEAP, List.of()),
            new Goal("KiB of heap", 1.4, "idle, UDP", Metric.HEAP, List.of()),
            new Goal("KiB on disk", 300, "size", Metric.SIZE, List.of()));

    private static Goal cpu(String text, double most, String cases, List<String> others) {
        return new Goal(text, most, cases, Metric.CPU, others);
    }

    /** A line of a Markdown table for each goal and case: the goal, the case, the most it may be, what it was. */
    static List<String> check(List<CaseResult> results) {
        List<String> lines = new ArrayList<>();
        for (Goal goal : ALL) {
            for (CaseResult result : results) {
                if (result.name().startsWith(goal.cases)) {
                    goal.reached(result)
                            .ifPresent(reached -> lines.add(line(goal.text, result.name(), goal.most, reached)));
                }
            }
        }
        checkScale(results).ifPresent(lines::add);
        return lines;
    }

    private OptionalDouble reached(CaseResult result) {
        OptionalDouble ours = result.median(Contenders.OURS, metric);
        OptionalDouble best = others.isEmpty() ? OptionalDouble.of(1) : result.least(metric, others);
        // What the noise has made nothing, or less, is nothing to compare with.
        return ours.isEmpty() || best.isEmpty() || best.getAsDouble() <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(ours.getAsDouble() / best.getAsDouble());
    }

    /** The one goal that compares two cases. */
    private static Optional<String> checkScale(List<CaseResult> results) {
        OptionalDouble few = cpuOf("scale, 10 connections", results);
        OptionalDouble many = cpuOf("scale, 5,000 connections", results);
        if (few.isEmpty() || many.isEmpty()) {
            return Optional.empty();
        }
        double reached = many.getAsDouble() / few.getAsDouble();
        return Optional.of(line("CPU at 5,000 open connections, to that at 10", "scale", SCALE, reached));
    }

    private static OptionalDouble cpuOf(String name, List<CaseResult> results) {
        return results.stream()
                .filter(each -> each.name().equals(name))
                .map(each -> each.median(Contenders.OURS, Metric.CPU))
                .findFirst()
                .orElse(OptionalDouble.empty());
    }

    private static String line(String text, String name, double most, double reached) {
        String verdict = reached <= most ? "reached" : "missed";
        return String.format(Locale.ROOT, "| %s | %s | %.2f | %.2f | %s |", text, name, most, reached, verdict);
    }
}
