package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is null is named, with its route where there is one. */
class NullArgumentTest {
    private static final String NO_TEXT = null;
    private static final Upstream NO_UPSTREAM = null;
    private static final Duration NO_TIME = null;

    static Stream<Arguments> ofAnyRoute() {
        return Stream.of(
                of("listen host is null", b -> b.listen(null, 0)),
                of("allow is null", b -> b.allow((Cidr[]) null)),
                of("deny is null", b -> b.deny((Cidr) null)),
                of("idleTimeout is null", b -> b.idleTimeout(null)),
                of("upstream is null", b -> b.to(NO_TEXT)),
                of("upstream is null", b -> b.to("a:1", NO_TEXT)),
                of("more is null", b -> b.to("a:1", (String[]) null)),
                of("upstream is null", b -> b.to(NO_UPSTREAM)),
                of("upstream is null", b -> b.to(Upstream.of("a:1"), NO_UPSTREAM)),
                of("more is null", b -> b.to(Upstream.of("a:1"), (Upstream[]) null)),
                of("group is null", b -> b.to((Upstreams) null)));
    }

    private static Arguments of(String message, Consumer<RouteBuilder<?, ?>> step) {
        return Arguments.of(message, step);
    }

    @ParameterizedTest
    @MethodSource("ofAnyRoute")
    void ofARouteIsNamedWithIt(String message, Consumer<RouteBuilder<?, ?>> step) {
        for (RouteBuilder<?, ?> builder : List.<RouteBuilder<?, ?>>of(Route.tcp("web"), Route.udp("web"))) {
            assertThatNullPointerException()
                    .isThrownBy(() -> step.accept(builder.listen(0)))
                    .withMessage("route \"web\": " + message);
        }
    }

    @Test
    void ofATcpRouteIsNamedWithIt() {
        TcpRoute.Builder web = Route.tcp("web");

        assertRefused("route \"web\": connectTimeout is null", () -> web.connectTimeout(null));
        assertRefused("route \"web\": connectAttempts deadline is null", () -> web.connectAttempts(7, null));
        assertRefused("route \"web\": halfClosedTimeout is null", () -> web.halfClosedTimeout(null));
        assertRefused("route \"web\": maxDuration is null", () -> web.maxDuration(null, 0.5));
        assertRefused("route \"web\": keepAlive is null", () -> web.keepAlive(null));
        assertThat(web.listen(0).to("a:1").connectAttempts())
                .as("nothing has changed")
                .isEqualTo(3);
    }

    @Test
    void elsewhereIsNamedAlone() {
        Upstreams group = Upstreams.of("a:1");

        assertRefused("route name", () -> Route.tcp(null));
        assertRefused("route name", () -> Route.udp(null));
        assertRefused("upstream is null", () -> Upstream.of(null));
        assertRefused("id", () -> Upstream.of("a:1").id(null));
        assertRefused("upstream is null", () -> Upstreams.of("a:1", NO_TEXT));
        assertRefused("members", () -> Upstreams.of((Collection<Upstream>) null));
        assertRefused("upstream is null", () -> Upstreams.of(Arrays.asList(Upstream.of("a:1"), null)));
        assertRefused("group name", () -> group.named(null));
        assertRefused("selector", () -> group.select(null));
        assertRefused("within", () -> Leaving.drain(NO_TIME));
        assertRefused("within", () -> Leaving.spread(NO_TIME));
        assertRefused("host", () -> NameResolver.system().resolve(null));
        assertRefused("test", () -> new TestCandidates(0).first(null));
    }

    private static void assertRefused(String message, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(message);
    }
}
