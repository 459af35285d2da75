package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.result.CaseResult;
import java.io.IOException;
import java.util.function.Consumer;

/** What can be asked for on the command line: a few cases that belong together. */
interface Workload {
    String name();

    String description();

    /** Runs its cases, and hands over the result of each as it comes. */
    void run(Bench bench, Consumer<CaseResult> results) throws IOException;
}
