package dev.sluice.examples.relay;

import dev.sluice.DialFailure;
import dev.sluice.RouteMetrics;
import dev.sluice.UpstreamMetrics;

/**
 * What has been counted for a route or an upstream up to one moment.
 *
 * @param active flows that lived then
 * @param opened flows until then
 * @param up bytes to upstreams until then
 * @param down bytes to clients until then
 * @param failed times that an upstream was not reached until then
 */
record Counts(long active, long opened, long up, long down, long failed) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    static Counts of(RouteMetrics metrics) {
        long failed = 0;
        for (DialFailure kind : DialFailure.values()) {
            failed += metrics.dialFailures(kind);
        }
        return new Counts(
                metrics.active(), metrics.opened(), metrics.bytesToUpstream(), metrics.bytesToClient(), failed);
    }

    static Counts of(UpstreamMetrics metrics) {
        long failed = metrics.unreachable();
        for (DialFailure kind : DialFailure.values()) {
            failed += metrics.dialFailures(kind);
        }
        return new Counts(
                metrics.active(), metrics.opened(), metrics.bytesToUpstream(), metrics.bytesToClient(), failed);
    }
}
