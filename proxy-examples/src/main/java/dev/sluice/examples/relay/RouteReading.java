package dev.sluice.examples.relay;

import java.util.List;

/**
 * A route as a look at the counters shows it.
 *
 * @param route the route itself
 * @param upstreams those it has now, in their order
 * @param faults those that it is under now, in their order
 * @param troubles what went wrong so far, in words; empty if nothing did
 */
record RouteReading(Reading route, List<Reading> upstreams, List<FaultReading> faults, String troubles) {}
