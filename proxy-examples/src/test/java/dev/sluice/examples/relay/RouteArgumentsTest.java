package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteArgumentsTest {

    @Test
    void eachRouteHasANameOfItsOwn() {
        List<Route> routes = RouteArguments.routes(List.of(
                "127.0.0.1:53=a:1", "[::1]:53=a:1", "udp:53=a:1", "0=a:1", "0=a:1", "80=a:1?name=tcp-any-2", "0=a:1"));

        assertThat(routes)
                .extracting(Route::name)
                .containsExactly("tcp-53", "tcp-53-2", "udp-53", "tcp-any", "tcp-any-3", "tcp-any-2", "tcp-any-4");
    }

    @Test
    void aNameIsNotGivenTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteArguments.routes(List.of("80=a:1?name=web", "81=a:1?name=web")))
                .withMessage("two routes have the name \"web\"; give one of them another, with ?name=...");
    }
}
