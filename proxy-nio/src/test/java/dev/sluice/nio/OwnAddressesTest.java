package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the routes of a server are in each other's way, the message says which ones, and where. */
class OwnAddressesTest {
    private static final String BEHIND = "; name the host behind the proxy instead";

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Test
    void aLoopOverTwoRoutesNamesBoth() throws Exception {
        int port = FreeAddress.tcp().getPort();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyServer.start(
                        Route.tcp("web").listen(port).to("127.0.0.1:9"),
                        Route.tcp("api").listen("127.0.0.1", 0).to("localhost:" + port)))
                .withMessage("route \"api\": upstream localhost:" + port + " is where route \"web\" listens, on [::]:"
                        + port + BEHIND);
    }

    @Test
    void aLoopOverOneRouteSaysSo() throws Exception {
        int port = FreeAddress.tcp().getPort();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyServer.start(
                        Route.tcp("web").listen("127.0.0.1", port).to("127.0.0.1:" + port)))
                .withMessage("route \"web\": upstream 127.0.0.1:" + port
                        + " is where the route itself listens, on 127.0.0.1:" + port + BEHIND);
    }

    @Test
    void aLoopByAChangeNamesBoth() {
        StartedProxy proxy = bed.start(
                Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"),
                Route.tcp("api").listen("127.0.0.1", 0).to("127.0.0.1:9"));
        String place = "127.0.0.1:" + proxy.route().port();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.server().upstreams("api").update(List.of(Upstream.of(place))))
                .withMessage(
                        "route \"api\": upstream " + place + " is where route \"web\" listens, on " + place + BEHIND);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.server()
                        .replace(Route.tcp("api").listen("127.0.0.1", 0).to(place)))
                .withMessageStartingWith("route \"api\": upstream " + place + " is where route \"web\" listens");
    }

    @Test
    void aNameGivenTwiceIsSaidToBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyServer.start(
                        Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"),
                        Route.udp("web").listen("127.0.0.1", 0).to("127.0.0.1:9")))
                .withMessage("route \"web\": the name is given twice; give one of the two another");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1, 127.0.0.1", "127.0.0.1, ::, [::]", "::, 127.0.0.1, 127.0.0.1"})
    void aPortOfAnotherRouteIsSaidToBeItsOwn(String first, String second, String shown) throws Exception {
        int port = FreeAddress.tcp().getPort();

        assertThatThrownBy(() -> ProxyServer.start(
                        Route.tcp("web").listen(first, port).to("127.0.0.1:9"),
                        Route.tcp("api").listen(second, port).to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("route \"api\": cannot listen on " + shown + ":" + port + ": ")
                .hasMessageContaining(" in use by route \"web\" of this server, on ")
                .hasMessageEndingWith("; listen on another port (0 picks a free one)");
    }

    @Test
    void soIsADatagramPort() throws Exception {
        StartedProxy proxy = bed.start(Route.udp("dns").listen("127.0.0.1", 0).to("127.0.0.1:9"));
        int port = proxy.route().port();

        assertThatThrownBy(() -> proxy.server()
                        .add(Route.udp("log").listen("0.0.0.0", port).to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("route \"log\": cannot listen on 0.0.0.0:" + port + ": ")
                .hasMessageContaining(" in use by route \"dns\" of this server, on 127.0.0.1:" + port + "; ");
    }

    @Test
    void soIsOneThatTheRouteHasItself() throws Exception {
        int port = FreeAddress.tcp().getPort();

        assertThatThrownBy(() -> ProxyServer.start(
                        Route.tcp("web").listen("127.0.0.1", port).listen(port).to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot listen on [::]:" + port + ": ")
                .hasMessageContaining(" in use by the route itself, on 127.0.0.1:" + port + "; ");
    }
}
