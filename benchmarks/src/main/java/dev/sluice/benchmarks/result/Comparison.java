package dev.sluice.benchmarks.result;

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
        String begun, String command, Map<String, String> machine, List<String> notes, List<CaseResult> cases) {}
