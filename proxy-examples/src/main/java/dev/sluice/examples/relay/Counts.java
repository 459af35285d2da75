package dev.sluice.examples.relay;

import dev.sluice.DialFailure;
import dev.sluice.RouteMetrics;
import dev.sluice.UpstreamMetrics;
import java.util.Arrays;
import java.util.function.ToLongFunction;

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
        return new Counts(
                metrics.active(),
                metrics.opened(),
                metrics.bytesToUpstream(),
                metrics.bytesToClient(),
                sum(metrics::dialFailures));
    }

    static Counts of(UpstreamMetrics metrics) {
        return new Counts(
                metrics.active(),
                metrics.opened(),
                metrics.bytesToUpstream(),
                metrics.bytesToClient(),
                sum(metrics::dialFailures) + metrics.unreachable());
    }

    private static long sum(ToLongFunction<DialFailure> failures) {
        return Arrays.stream(DialFailure.values()).mapToLong(failures).sum();
    }
}
