package dev.sluice.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.ProxyServer;
import dev.sluice.RouteMetrics;
import dev.sluice.RunningRoute;
import dev.sluice.ServerMetrics;
import dev.sluice.UpstreamMetrics;
import java.util.List;

/** What must hold of a server after any test, whatever happened in it. */
final class Invariants {
    private Invariants() {}

    /** With all its clients and upstreams gone, or closed by the test: no flow lives and no buffer is held. */
    static void checkAtRest(StartedProxy proxy) {
        ProxyServer server = proxy.server();
        Await.until("all flows have ended", () -> server.metrics().active() == 0);
        Await.until("no buffer is held", () -> server.metrics().bufferBytesHeld() == 0);
        for (RunningRoute route : server.routes()) {
            RouteMetrics metrics = route.metrics();
            assertThat(metrics.active()).as("live flows of %s", route.name()).isZero();
            assertThat(metrics.opened()).as("flows of %s", route.name()).isEqualTo(endings(metrics));
            assertThat(metrics.ended(CloseReason.INTERNAL)).as("defects").isZero();
            assertThat(route.flows()).as("list of flows").isEmpty();
            checkUpstreams(server, route);
        }
    }

    private static void checkUpstreams(ProxyServer server, RunningRoute route) {
        for (UpstreamMetrics upstream :
                server.upstreams(route.definition().upstreams().name()).list()) {
            assertThat(upstream.active())
                    .as("flows of upstream %s", upstream.upstream())
                    .isZero();
        }
    }

    private static long endings(RouteMetrics metrics) {
        long sum = 0;
        for (CloseReason reason : CloseReason.values()) {
            sum += metrics.ended(reason);
        }
        return sum;
    }

    /** All was told that happened, and no thread is left. */
    static void checkClosed(StartedProxy proxy) {
        assertThat(proxy.server().metrics().bufferBytesHeld())
                .as("buffers held")
                .isZero();
        if (proxy.log() != null && proxy.server().metrics().eventsLost() == 0) {
            checkEvents(proxy.server().metrics(), proxy.log().ended());
        }
        // A look-up of a name may outlive the close for a moment.
        Await.until(
                "threads named " + proxy.name() + " are gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith(proxy.name() + "-")));
    }

    private static void checkEvents(ServerMetrics metrics, List<FlowEnd> ends) {
        assertThat(ends).as("one end for each flow").hasSize((int) metrics.opened());
        assertThat(ends.stream().mapToLong(FlowEnd::bytesToUpstream).sum())
                .as("bytes to upstreams over all flows")
                .isEqualTo(metrics.bytesToUpstream());
        assertThat(ends.stream().mapToLong(FlowEnd::bytesToClient).sum())
                .as("bytes to clients over all flows")
                .isEqualTo(metrics.bytesToClient());
    }
}
