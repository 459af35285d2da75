package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.sluice.Leaving;
import dev.sluice.LiveUpstreams;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.RunningRoute;
import dev.sluice.Upstream;
import dev.sluice.nio.testkit.LiveThreads;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is null is named, before anything has changed. */
class NullArgumentTest {
    private static final String NAMED = "null-argument";

    @RegisterExtension
    final Testbed bed = new Testbed();

    private static Route web() {
        return Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9");
    }

    private static void assertRefused(String message, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(message);
    }

    @Test
    void ofABuilder() {
        ProxyServer.Builder builder = ProxyServer.builder().name(NAMED);

        assertRefused("name", () -> builder.name(null));
        assertRefused("listener", () -> builder.listener(null));
        assertRefused("resolver", () -> builder.resolver(null));
        assertRefused("routes", () -> builder.start((Route[]) null));
        assertRefused("route", () -> builder.start((Route) null));
        assertRefused("route", () -> builder.start(web(), null));
        assertThat(LiveThreads.named("sluice-" + NAMED)).isEmpty();
    }

    @Test
    void ofAServer() {
        ProxyServer server = bed.start(web()).server();

        assertRefused("name", () -> server.route(null));
        assertRefused("group", () -> server.upstreams(null));
        assertRefused("route", () -> server.add(null));
        assertRefused("route", () -> server.replace(null));
        assertRefused("route", () -> server.remove(null, Leaving.close()));
        assertRefused("flows", () -> server.remove("web", null));
        assertRefused("deadline", () -> server.shutdown(null));
        assertThat(server.add(Route.tcp("api").listen("127.0.0.1", 0).to("127.0.0.1:9")))
                .as("it runs on, unchanged")
                .isEqualTo(server.route("api"));
        assertThat(server.routes()).hasSize(2);
    }

    @Test
    void ofARoute() {
        RunningRoute route = bed.start(web()).route();

        assertRefused("rule", () -> route.faults().apply(null));
        assertRefused("which", () -> route.closeFlows(null));
        assertRefused("which", () -> route.resetFlows(null));
        assertRefused("condition", () -> route.await(null, Duration.ZERO));
        assertRefused("atMost", () -> route.await(metrics -> true, null));
        assertThat(route.faults().running()).isEmpty();
    }

    @Test
    void ofAGroup() {
        LiveUpstreams group = bed.start(web()).server().upstreams("web");

        assertRefused("snapshot", () -> group.update(null));
        assertRefused("snapshot", () -> group.update((Collection<Upstream>) null, Leaving.close()));
        assertRefused("upstream of the snapshot", () -> group.update(Arrays.asList(Upstream.of("a:1"), null)));
        assertRefused("leaving", () -> group.update(Arrays.asList(Upstream.of("a:1")), null));
        assertThat(group.list()).extracting(each -> each.upstream().id()).containsExactly("127.0.0.1:9");
    }

    @Test
    void ofMetrics() {
        StartedProxy proxy = bed.start(web());
        RouteMetrics metrics = proxy.metrics();

        assertRefused("reason", () -> metrics.ended(null));
        assertRefused("kind", () -> metrics.dialFailures(null));
        assertRefused("reason", () -> metrics.drops(null));
        assertRefused("kind", () -> proxy.upstream(0).dialFailures(null));
    }
}
