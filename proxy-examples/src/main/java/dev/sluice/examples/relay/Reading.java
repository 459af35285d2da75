package dev.sluice.examples.relay;

/**
 * A route or an upstream as a look at the counters shows it.
 *
 * @param name of the route or the upstream
 * @param counts until now
 * @param upRate bytes to upstreams a second, since the look before
 * @param downRate bytes to clients a second, since the look before
 * @param state of an upstream; empty for a route
 */
record Reading(String name, Counts counts, double upRate, double downRate, String state) {}
