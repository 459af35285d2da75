package dev.sluice.benchmarks.compare;

import java.time.Duration;

/**
 * How long everything takes.
 *
 * @param rounds of each contender in each case
 * @param round how long one lasts
 * @param warmUp how long a process works before its first round, at least
 */
record Plan(int rounds, Duration round, Duration warmUp) {}
