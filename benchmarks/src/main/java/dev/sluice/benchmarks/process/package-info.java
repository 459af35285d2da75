/** Processes of the comparison's own program. */
package dev.sluice.benchmarks.process;
