package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.contender.Relay;
import dev.sluice.benchmarks.load.Target;

/**
 * A contender's way to the upstream.
 *
 * @param contender its name
 * @param relay that runs
 * @param target the relay's port
 * @param direct the upstream's own
 */
record Lane(String contender, Relay relay, Target target, Target direct) {}
