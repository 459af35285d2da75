package dev.sluice.benchmarks.result;

import dev.sluice.benchmarks.contender.Contenders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole run of the comparison.
 *
 * @param begun when, as an ISO-8601 instant
 * @param command that was run
 * @param machine what it ran on: processors, memory, kernel, Java, versions of the contenders
 * @param notes why a contender is missing, and what else a reader should know
 * @param cases in the order in which they were run
 */
public record Comparison(
        String begun, String command, Map<String, String> machine, List<String> notes, List<CaseResult> cases) {
    /** The first case of each workload whose contenders are compared by their processor time, ours among them. */
    List<CaseResult> summarized() {
        Map<String, CaseResult> first = new LinkedHashMap<>();
        for (CaseResult each : cases) {
            boolean isCompared = each.main() == Metric.CPU && !each.workload().equals("scale");
            if (isCompared && each.median(Contenders.OURS, Metric.CPU).isPresent()) {
                first.putIfAbsent(each.workload(), each);
            }
        }
        return List.copyOf(first.values());
    }
}
