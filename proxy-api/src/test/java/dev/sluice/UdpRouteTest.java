package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UdpRouteTest {

    private static UdpRoute.Builder dns() {
        return Route.udp("dns").listen(53);
    }

    private static UdpRoute withNothingAtItsDefault() {
        return Route.udp("dns")
                .listen("127.0.0.1", 1)
                .listen("::1", 2)
                .idleTimeout(Duration.ofSeconds(1))
                .maxSessions(2)
                .maxSessionsPerClient(12)
                .allow(Cidr.of("10.0.0.0/8"))
                .deny(Cidr.of("10.1.0.0/16"))
                .expectProxyProtocol(Cidr.of("10.2.0.0/16"))
                .sendProxyProtocol(true, Tlv.crc32c())
                .maxDatagram(3)
                .requests(4)
                .responses(5)
                .receiveBuffer(6)
                .to("a:1", "b:1");
    }

    @Test
    void everySettingHasItsDocumentedDefault() {
        UdpRoute route = dns().to("a:1");

        assertThat(route.name()).isEqualTo("dns");
        assertThat(route.transport()).isEqualTo(Transport.UDP);
        assertThat(route.idleTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(route.maxSessions()).isEqualTo(16_384);
        assertThat(route.maxSessionsPerClient()).isZero();
        assertThat(route.allow()).isEmpty();
        assertThat(route.deny()).isEmpty();
        assertThat(route.trustedPeers()).isEmpty();
        assertThat(route.sentProxyProtocol()).isNull();
        assertThat(route.repeatsProxyProtocol()).isFalse();
        assertThat(route.maxDatagram()).isEqualTo(65_507);
        assertThat(route.requests()).isZero();
        assertThat(route.responses()).isEqualTo(-1);
        assertThat(route.receiveBuffer()).isEqualTo(4_194_304);
    }

    @Test
    void everySettingIsKeptAsGiven() {
        UdpRoute route = withNothingAtItsDefault();

        assertThat(route.idleTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(route.maxSessions()).isEqualTo(2);
        assertThat(route.maxSessionsPerClient()).isEqualTo(12);
        assertThat(route.allow()).containsExactly(Cidr.of("10.0.0.0/8"));
        assertThat(route.deny()).containsExactly(Cidr.of("10.1.0.0/16"));
        assertThat(route.trustedPeers()).containsExactly(Cidr.of("10.2.0.0/16"));
        assertThat(route.sentProxyProtocol()).isEqualTo(ProxyProtocol.V2);
        assertThat(route.repeatsProxyProtocol()).isTrue();
        assertThat(route.addedTlvs()).containsExactly(Tlv.crc32c());
        assertThat(route.maxDatagram()).isEqualTo(3);
        assertThat(route.requests()).isEqualTo(4);
        assertThat(route.responses()).isEqualTo(5);
        assertThat(route.receiveBuffer()).isEqualTo(6);
    }

    @Test
    void aBuilderMadeOfARouteMakesTheSameRouteAgain() {
        UdpRoute route = withNothingAtItsDefault();

        assertThat(route.toBuilder().to(route.upstreams())).isEqualTo(route).isNotSameAs(route);
        assertThat(route.toBuilder().requests(5).to(route.upstreams())).isNotEqualTo(route);
    }

    @Test
    void theFirstListenOnABuilderMadeOfARouteTakesThePlaceOfItsAddresses() {
        UdpRoute route = withNothingAtItsDefault();

        assertThat(route.toBuilder().listen(3).listen(4).to(route.upstreams()).listen())
                .containsExactly(new InetSocketAddress("::", 3), new InetSocketAddress("::", 4));
    }

    @Test
    void theEndsOfEveryRangeAreAccepted() {
        assertThat(dns().maxSessions(1)
                        .maxDatagram(1)
                        .requests(0)
                        .responses(0)
                        .receiveBuffer(1)
                        .to("a:1")
                        .responses())
                .isZero();
        assertThat(dns().maxDatagram(65_507)
                        .responses(-1)
                        .idleTimeout(Duration.ZERO)
                        .to("a:1")
                        .idleTimeout())
                .isZero();
    }

    static Stream<Arguments> wrongValues() {
        return Stream.of(
                wrong(b -> b.maxSessions(0), "maxSessions 0 is out of range; use 1 or more"),
                wrong(
                        b -> b.maxSessionsPerClient(-1),
                        "maxSessionsPerClient -1 is out of range; use 0 or more, where 0 is no limit"),
                wrong(b -> b.maxDatagram(0), "maxDatagram 0 is out of range; use 1 to 65507 bytes"),
                wrong(b -> b.maxDatagram(65_508), "maxDatagram 65508 is out of range; use 1 to 65507 bytes"),
                wrong(b -> b.requests(-1), "requests -1 is out of range; use 0 or more, where 0 is no limit"),
                wrong(
                        b -> b.responses(-2),
                        "responses -2 is out of range; use -1 or more, where 0 awaits none and -1 is no limit"),
                wrong(b -> b.receiveBuffer(0), "receiveBuffer 0 is out of range; use 1 or more bytes"));
    }

    private static Arguments wrong(Consumer<UdpRoute.Builder> step, String message) {
        return Arguments.of(message, step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongValues")
    void aWrongValueIsRefusedWithTheRouteTheFieldTheValueAndWhatWouldBeRight(
            String message, Consumer<UdpRoute.Builder> step) {
        assertThatThrownBy(() -> step.accept(dns()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("route \"dns\": " + message);
    }

    @Test
    void interceptionNeedsTheAddressesThatItIsToTake() {
        assertThat(Route.udp("dns")
                        .listen("203.0.113.9", 53)
                        .intercept()
                        .to("a:1")
                        .isIntercepting())
                .isTrue();
        assertThatThrownBy(() -> Route.udp("dns").listen(53).intercept().to("a:1"))
                .hasMessage("route \"dns\": intercept cannot tell where a datagram to the wildcard address was meant to"
                        + " go; list each address that it is to take with listen(host, port)");
    }

    @Test
    void theOriginalDestinationIsForTcp() {
        UdpRoute.Builder builder = Route.udp("dns").listen("203.0.113.9", 53).intercept();
        Upstreams original =
                Route.tcp("web").listen(80).intercept().toOriginalDestination().upstreams();

        assertThatThrownBy(builder::toOriginalDestination)
                .hasMessageStartingWith("route \"dns\": toOriginalDestination is for TCP");
        assertThatThrownBy(() -> builder.to(original)).hasMessageContaining("toOriginalDestination is for TCP");
    }
}
