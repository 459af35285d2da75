package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What TCP and UDP routes have in common. */
class RouteTest {

    static Stream<RouteBuilder<?, ?>> builders() {
        return Stream.of(Route.tcp("web"), Route.udp("web"));
    }

    /** Every way to give a route a wrong address, and what the message must say after the route's name. */
    static Stream<Arguments> wrongAddresses() {
        return Stream.of(
                wrong(
                        b -> b.listen(70_000),
                        "listen port 70000 is out of range; use 1 to 65535, or 0 for any free port"),
                wrong(b -> b.listen(-1), "listen port -1 is out of range; use 1 to 65535, or 0 for any free port"),
                wrong(
                        b -> b.listen("::1", 65_536),
                        "listen port 65536 is out of range; use 1 to 65535, or 0 for any free port"),
                wrong(b -> b.listen("", 1), "listen host \"\" has no host; name one, for example localhost"),
                wrong(
                        b -> b.listen("a b", 1),
                        "listen host \"a b\": \"a b\" is not a host name; use letters, digits, hyphens and dots, or a"
                                + " literal address"),
                wrong(
                        b -> b.listen("localhost:8080", 0),
                        "listen host \"localhost:8080\" has a port in it; the port is the second argument:"
                                + " listen(\"localhost\", 8080)"),
                wrong(
                        b -> b.listen("[::1]:8080", 0),
                        "listen host \"[::1]:8080\" has a port in it; the port is the second argument:"
                                + " listen(\"[::1]\", 8080)"),
                wrong(
                        b -> b.listen("*:8080", 0),
                        "listen host \"*:8080\" has a port in it; the port is the second argument: listen(8080)"),
                wrong(
                        b -> b.listen(":8080", 0),
                        "listen host \":8080\" has a port in it; the port is the second argument: listen(8080)"),
                wrong(
                        b -> b.listen("*", 8080),
                        "listen host \"*\" is no host; to listen on every local address write listen(8080)"),
                wrong(
                        b -> b.listen("localhost:http", 1),
                        "listen host \"localhost:http\": \"localhost:http\" is neither an IPv6 address, such as"
                                + " 2001:db8::1, nor a host name"),
                wrong(
                        b -> b.listen("[::1", 1),
                        "listen host \"[::1\": brackets go around an IPv6 address and nothing else, for example [::1]"),
                wrong(
                        b -> b.listen("1.2.3.400", 1),
                        "listen host \"1.2.3.400\": \"1.2.3.400\" is not an IPv4 address; write four numbers from 0 to"
                                + " 255 without leading zeros"),
                wrong(
                        b -> b.to("a:1"),
                        "no listen address; call listen(port) before to(…), with port 0 for any free port"),
                wrong(
                        b -> b.listen("127.0.0.1", 80).listen("127.0.0.1", 80).to("a:1"),
                        "listen address 127.0.0.1:80 is given twice; leave one out"));
    }

    /** The same for all else that the two kinds of route share. */
    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                wrong(
                        b -> b.idleTimeout(Duration.ofMillis(-1)),
                        "idleTimeout PT-0.001S is negative; use zero to switch it off"),
                wrong(
                        b -> b.idleTimeout(Duration.ofSeconds(Long.MAX_VALUE)),
                        "idleTimeout PT2562047788015215H30M7S is too long; use at most 36500 days, or zero to switch it"
                                + " off"),
                wrong(
                        b -> b.listen(0).to("10.0.0.5"),
                        "upstream \"10.0.0.5\" has no port; write host:port, for example 10.0.0.5:80"),
                wrong(
                        b -> b.listen(0).to("a:1", "http://b:1"),
                        "upstream \"http://b:1\" is a URL; a plain host:port is wanted, for example b:80"),
                wrong(
                        b -> b.listen(0).to("a:1", "a:1"),
                        "upstream \"a:1\" is given twice; leave one out, or tell them apart with Upstream.id(…)"),
                wrong(
                        b -> b.listen(0).to("a:1,b:1"),
                        "upstream \"a:1,b:1\" has a comma in it; give each upstream as an argument of its own, for"
                                + " example \"10.0.0.5:80\", \"10.0.0.6:80\""),
                wrong(
                        b -> b.listen(0)
                                .to(
                                        Upstream.of("a:1").id("x"),
                                        Upstream.of("b:1").id("x")),
                        "upstream id \"x\" is given twice, to a:1 and to b:1; leave one out, or tell them apart with"
                                + " Upstream.id(…)"));
    }

    private static Arguments wrong(Consumer<RouteBuilder<?, ?>> step, String message) {
        return Arguments.of(message, step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"wrongAddresses", "wrongSettings"})
    void aWrongValueIsRefusedWithTheRouteTheFieldTheValueAndWhatWouldBeRight(
            String message, Consumer<RouteBuilder<?, ?>> step) {
        builders()
                .forEach(builder -> assertThatThrownBy(() -> step.accept(builder))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("route \"web\": " + message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "my route", "a\nb", "a\u0007", "\u2003"})
    void aRouteNameIsOneReadableWord(String name) {
        for (ThrowingCallable attempt : List.<ThrowingCallable>of(() -> Route.tcp(name), () -> Route.udp(name))) {
            assertThatThrownBy(attempt)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("route name ")
                    .hasMessageContaining("use ");
        }
    }

    @Test
    void aMessageShowsTheControlCharactersOfANameAsText() {
        assertThatThrownBy(() -> Route.tcp("a\nb")).hasMessageContaining("\"a\\u000ab\"");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void listenAddressesAreKeptAsAskedForAndNamesAreNotLookedUp(RouteBuilder<?, ?> builder) throws Exception {
        Route route = builder.listen(8080)
                .listen("127.0.0.1", 0)
                .listen("[::1]", 81)
                .listen("no-such-host.invalid", 82)
                .to("a:1");

        assertThat(route.listen())
                .containsExactly(
                        new InetSocketAddress("::", 8080),
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0),
                        new InetSocketAddress(InetAddress.getByName("::1"), 81),
                        InetSocketAddress.createUnresolved("no-such-host.invalid", 82));
    }

    @ParameterizedTest
    @MethodSource("builders")
    void anyNumberOfFreePortsCanBeAskedForOnOneAddress(RouteBuilder<?, ?> builder) {
        assertThat(builder.listen(0).listen(0).to("a:1").listen()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aGroupGivenInlineGetsTheNameOfTheRoute(RouteBuilder<?, ?> builder) {
        builder.listen(0);

        assertThat(builder.to("a:1", "b:1").upstreams()).satisfies(group -> {
            assertThat(group.name()).isEqualTo("web");
            assertThat(group.members()).containsExactly(Upstream.of("a:1"), Upstream.of("b:1"));
        });
        assertThat(builder.to(Upstream.of("a:1").id("x"), Upstream.of("b:1")).upstreams())
                .satisfies(group -> {
                    assertThat(group.name()).isEqualTo("web");
                    assertThat(group.members())
                            .containsExactly(Upstream.of("a:1").id("x"), Upstream.of("b:1"));
                });
        assertThat(builder.to(Upstreams.of(List.of())).upstreams().name()).isEqualTo("web");
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aGroupWithANameIsTakenAsItIsSoThatRoutesCanShareIt(RouteBuilder<?, ?> builder) {
        Upstreams group = Upstreams.of("a:1").named("shared");

        assertThat(builder.listen(0).to(group).upstreams()).isSameAs(group);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aRouteDoesNotChangeWithTheBuilderItCameFrom(RouteBuilder<?, ?> builder) {
        Route route = builder.listen(81).to("a:1");
        Duration idle = route.idleTimeout();
        builder.listen(82).idleTimeout(Duration.ofSeconds(7)).to("b:1");

        assertThat(route.listen()).containsExactly(new InetSocketAddress("::", 81));
        assertThat(route.idleTimeout()).isEqualTo(idle);
        assertThat(route.upstreams().members()).containsExactly(Upstream.of("a:1"));
        assertThatThrownBy(() -> route.listen().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @MethodSource("builders")
    void aRouteOfEitherKindCanBeChanged(RouteBuilder<?, ?> builder) {
        Route route = builder.listen(81).to("a:1");
        Duration longer = route.idleTimeout().plusSeconds(1);

        Route changed = route.toBuilder().idleTimeout(longer).to(route.upstreams());

        assertThat(changed).hasSameClassAs(route).isNotEqualTo(route);
        assertThat(changed.idleTimeout()).isEqualTo(longer);
        assertThat(changed.listen()).isEqualTo(route.listen());
        assertThat(changed.upstreams()).isSameAs(route.upstreams());
    }

    @Test
    void aRouteReadsAsASentence() {
        assertThat(Route.tcp("web").listen("127.0.0.1", 8080).to("10.0.0.5:80", "10.0.0.6:80"))
                .hasToString("TCP route \"web\" on [127.0.0.1:8080] to web [10.0.0.5:80, 10.0.0.6:80]");
        assertThat(Route.udp("dns").listen("localhost", 53).to("[::1]:53"))
                .hasToString("UDP route \"dns\" on [localhost:53] to dns [[::1]:53]");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "::, [::]",
        "::1, [::1]",
        "fe80::, [fe80::]",
        "10:0:0:20:0:30:0:40, [10::20:0:30:0:40]",
        "1:2:0:3:4:5:6:7, [1:2:0:3:4:5:6:7]",
        "fe80::10:1%7, [fe80::10:1%7]",
    })
    void anAddressIsShownAsPeopleWriteIt(String host, String shown) {
        assertThat(Route.tcp("web").listen(host, 80).to("a:1"))
                .hasToString("TCP route \"web\" on [" + shown + ":80] to web [a:1]");
    }

    @Test
    void everyAddressIsShownAsTheWildcard() {
        assertThat(Route.tcp("web").listen(80).to("a:1")).hasToString("TCP route \"web\" on [[::]:80] to web [a:1]");
    }
}
