/**
 * The faults that a route can be under, as values: what a link, a server or a network address translator does when it
 * misbehaves. {@link dev.sluice.fault.Fault} makes them; a {@link dev.sluice.FaultRule} says for which direction and
 * which flows, and {@link dev.sluice.RouteFaults} puts them to work on a running route.
 *
 * <p>Several faults of one direction work in their order, each on what the one before lets through. Time is that of the
 * flow's worker; what is due passes within 1 to 2 ms, as long as the worker is not busy otherwise.
 */
@NullMarked
package dev.sluice.fault;

import org.jspecify.annotations.NullMarked;
