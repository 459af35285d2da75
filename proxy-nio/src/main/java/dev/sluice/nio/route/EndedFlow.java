package dev.sluice.nio.route;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.Upstream;
import java.time.Duration;
import java.time.Instant;

/**
 * What the listener is told when a flow has ended.
 *
 * <p>Thread: any.
 */
record EndedFlow(
        FlowInfo info,
        Upstream upstream,
        CloseReason reason,
        Instant started,
        Duration took,
        Duration dialled,
        int attempts,
        long bytesToUpstream,
        long bytesToClient)
        implements FlowEnd {
    @Override
    public String toString() {
        return info + " -> " + (upstream == null ? "nobody" : upstream) + ": " + reason + " after " + took.toMillis()
                + " ms, bytes to upstream " + bytesToUpstream + ", bytes to client " + bytesToClient;
    }
}
