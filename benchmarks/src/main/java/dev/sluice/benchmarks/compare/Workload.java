package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.result.CaseResult;
import java.io.IOException;
import java.util.List;

/** What can be asked for on the command line: a few cases that belong together. */
interface Workload {
    String name();

    String description();

    List<CaseResult> run(Bench bench) throws IOException;
}
