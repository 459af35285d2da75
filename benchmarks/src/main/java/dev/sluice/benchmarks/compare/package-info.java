/** The comparison: contenders in turn, round by round, under the same work. */
package dev.sluice.benchmarks.compare;
