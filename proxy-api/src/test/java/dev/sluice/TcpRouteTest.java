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

class TcpRouteTest {

    private static TcpRoute.Builder web() {
        return Route.tcp("web").listen(8080);
    }

    private static TcpRoute withNothingAtItsDefault() {
        return Route.tcp("web")
                .listen("127.0.0.1", 1)
                .listen("::1", 2)
                .idleTimeout(Duration.ofSeconds(1))
                .connectTimeout(Duration.ofSeconds(2))
                .connectAttempts(7, Duration.ofSeconds(3))
                .halfClosedTimeout(Duration.ofSeconds(4))
                .maxDuration(Duration.ofSeconds(5), 0.25)
                .maxConnections(8)
                .maxConnectionsPerClient(10)
                .acceptRate(11)
                .allow(Cidr.of("10.0.0.0/8"))
                .deny(Cidr.of("10.1.0.0/16"), Cidr.of("::1"))
                .expectProxyProtocol(Cidr.of("10.2.0.0/16"))
                .source(SourceAddress.client())
                .intercept()
                .prefaceTimeout(Duration.ofSeconds(7))
                .sendProxyProtocol(ProxyProtocol.V2, Tlv.of(Tlv.ALPN, "h2"))
                .backlog(9)
                .keepAlive(Duration.ofSeconds(6))
                .noDelay(false)
                .to(Upstreams.of("a:1", "b:1").select(UpstreamSelector.failover()));
    }

    @Test
    void everySettingHasItsDocumentedDefault() {
        TcpRoute route = web().to("a:1");

        assertThat(route.name()).isEqualTo("web");
        assertThat(route.transport()).isEqualTo(Transport.TCP);
        assertThat(route.idleTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(route.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(route.connectAttempts()).isEqualTo(3);
        assertThat(route.connectDeadline()).isEqualTo(Duration.ofSeconds(10));
        assertThat(route.halfClosedTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(route.maxDuration()).isZero();
        assertThat(route.maxDurationJitter()).isZero();
        assertThat(route.maxConnections()).isZero();
        assertThat(route.maxConnectionsPerClient()).isZero();
        assertThat(route.acceptRate()).isZero();
        assertThat(route.allow()).isEmpty();
        assertThat(route.deny()).isEmpty();
        assertThat(route.source()).isEqualTo(SourceAddress.proxy());
        assertThat(route.isIntercepting()).isFalse();
        assertThat(route.trustedPeers()).isEmpty();
        assertThat(route.prefaceTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(route.sentProxyProtocol()).isNull();
        assertThat(route.addedTlvs()).isEmpty();
        assertThat(route.backlog()).isEqualTo(4096);
        assertThat(route.keepAlive()).isZero();
        assertThat(route.noDelay()).isTrue();
    }

    @Test
    void everySettingIsKeptAsGiven() {
        TcpRoute route = withNothingAtItsDefault();

        assertThat(route.idleTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(route.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(route.connectAttempts()).isEqualTo(7);
        assertThat(route.connectDeadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(route.halfClosedTimeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(route.maxDuration()).isEqualTo(Duration.ofSeconds(5));
        assertThat(route.maxDurationJitter()).isEqualTo(0.25);
        assertThat(route.maxConnections()).isEqualTo(8);
        assertThat(route.maxConnectionsPerClient()).isEqualTo(10);
        assertThat(route.acceptRate()).isEqualTo(11);
        assertThat(route.allow()).containsExactly(Cidr.of("10.0.0.0/8"));
        assertThat(route.deny()).containsExactly(Cidr.of("10.1.0.0/16"), Cidr.of("::1"));
        assertThat(route.source()).isEqualTo(SourceAddress.client());
        assertThat(route.isIntercepting()).isTrue();
        assertThat(route.trustedPeers()).containsExactly(Cidr.of("10.2.0.0/16"));
        assertThat(route.prefaceTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(route.sentProxyProtocol()).isEqualTo(ProxyProtocol.V2);
        assertThat(route.addedTlvs()).containsExactly(Tlv.of(Tlv.ALPN, "h2"));
        assertThat(route.backlog()).isEqualTo(9);
        assertThat(route.keepAlive()).isEqualTo(Duration.ofSeconds(6));
        assertThat(route.noDelay()).isFalse();
    }

    @Test
    void aBuilderMadeOfARouteMakesTheSameRouteAgain() {
        TcpRoute route = withNothingAtItsDefault();

        assertThat(route.toBuilder().to(route.upstreams())).isEqualTo(route).isNotSameAs(route);
        assertThat(route.toBuilder().backlog(10).to(route.upstreams())).isNotEqualTo(route);
    }

    @Test
    void whoIsAllowedOrDeniedTakesThePlaceOfWhoWasBefore() {
        TcpRoute route = withNothingAtItsDefault();

        assertThat(route.toBuilder().allow().to("a:1").allow()).isEmpty();
        assertThat(route.toBuilder().deny(Cidr.of("::2")).to("a:1").deny()).containsExactly(Cidr.of("::2"));
        assertThat(route.toBuilder().allow().to("a:1").deny()).isEqualTo(route.deny());
    }

    @Test
    void theFirstListenOnABuilderMadeOfARouteTakesThePlaceOfItsAddresses() {
        TcpRoute route = withNothingAtItsDefault();

        assertThat(route.toBuilder().listen(3).listen(4).to(route.upstreams()).listen())
                .containsExactly(new InetSocketAddress("::", 3), new InetSocketAddress("::", 4));
        assertThat(route.listen()).hasSize(2);
    }

    @Test
    void zeroSwitchesEveryDurationOff() {
        TcpRoute route = web().idleTimeout(Duration.ZERO)
                .connectTimeout(Duration.ZERO)
                .connectAttempts(1, Duration.ZERO)
                .halfClosedTimeout(Duration.ZERO)
                .maxDuration(Duration.ZERO, 0)
                .keepAlive(Duration.ZERO)
                .to("a:1");

        assertThat(Stream.of(
                        route.idleTimeout(),
                        route.connectTimeout(),
                        route.connectDeadline(),
                        route.halfClosedTimeout(),
                        route.maxDuration(),
                        route.keepAlive()))
                .containsOnly(Duration.ZERO);
    }

    @Test
    void theEndsOfEveryRangeAreAccepted() {
        Duration longest = Duration.ofDays(36_500);
        TcpRoute route = web().listen(0)
                .listen(65_535)
                .idleTimeout(longest)
                .connectTimeout(longest)
                .connectAttempts(Integer.MAX_VALUE, longest)
                .halfClosedTimeout(longest)
                .maxDuration(longest, 1)
                .keepAlive(Duration.ofSeconds(32_767))
                .maxConnections(Integer.MAX_VALUE)
                .backlog(1)
                .to("a:65535");

        // what the engine does with the longest of all must not overflow
        assertThat(route.maxDuration().plus(route.maxDuration()).toNanos()).isPositive();
        assertThat(web().keepAlive(Duration.ofSeconds(1)).to("a:1").keepAlive()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whereAllAttemptsTogetherHaveLessThanOneByDefaultEachHasThat() {
        TcpRoute route = web().connectAttempts(1, Duration.ofSeconds(3)).to("a:1");

        assertThat(route.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(route.connectDeadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(route.toBuilder().to(route.upstreams())).isEqualTo(route);
        assertThat(web().connectAttempts(1, Duration.ofSeconds(30)).to("a:1").connectTimeout())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(web().connectAttempts(1, Duration.ZERO).to("a:1").connectTimeout())
                .isEqualTo(Duration.ofSeconds(5));
    }

    static Stream<Arguments> wrongLimits() {
        return Stream.of(
                wrong(
                        b -> b.maxConnections(-1),
                        "maxConnections -1 is out of range; use 0 or more, where 0 derives it from the open-file"
                                + " limit"),
                wrong(
                        b -> b.maxConnectionsPerClient(-1),
                        "maxConnectionsPerClient -1 is out of range; use 0 or more, where 0 is no limit"),
                wrong(
                        b -> b.acceptRate(-1),
                        "acceptRate -1 is out of range; use 0 or more a second, where 0 is no limit"));
    }

    @Test
    void theOriginalDestinationIsOneUpstreamForAll() {
        TcpRoute route = web().intercept().toOriginalDestination();

        assertThat(route.upstreams().members())
                .singleElement()
                .matches(Upstream::isOriginalDestination)
                .hasToString("original destination");
        assertThat(route.upstreams().ejection()).isEqualTo(Ejection.off());
        assertThat(route.toBuilder().to(route.upstreams())).isEqualTo(route);
        assertThatThrownBy(() -> web().toOriginalDestination())
                .hasMessage("route \"web\": toOriginalDestination without intercept() would send the route's flows to"
                        + " itself; call intercept() before it");
        assertThatThrownBy(() -> web().to(route.upstreams())).hasMessageContaining("without intercept()");
        TcpRoute.Builder behindProxies = web().intercept().expectProxyProtocol(Cidr.of("10.0.0.0/8"));
        assertThatThrownBy(behindProxies::toOriginalDestination)
                .hasMessage(
                        "route \"web\": toOriginalDestination and expectProxyProtocol together would dial whatever a"
                                + " header says; leave one out");
    }

    static Stream<Arguments> wrongHeaders() {
        return Stream.of(
                wrong(
                        b -> b.expectProxyProtocol(),
                        "expectProxyProtocol names no peer, and whoever may send a header can be any client; name the"
                                + " proxies in front, such as Cidr.of(\"10.0.0.0/8\")"),
                wrong(
                        b -> b.sendProxyProtocol(ProxyProtocol.V1, Tlv.crc32c()),
                        "sendProxyProtocol V1 can have nothing added; use V2 for that"),
                wrong(
                        b -> b.sendProxyProtocol(ProxyProtocol.V2, Tlv.crc32c(), Tlv.crc32c()),
                        "sendProxyProtocol adds the checksum twice; add it once"),
                wrong(
                        b -> b.sendProxyProtocol(ProxyProtocol.V2, Tlv.of(0xe0, new byte[15_998])),
                        "sendProxyProtocol adds 16001 bytes; add at most 16000"));
    }

    static Stream<Arguments> wrongValues() {
        Duration negative = Duration.ofSeconds(-1);
        Duration second = Duration.ofSeconds(1);
        String off = " PT-1S is negative; use zero to switch it off";
        return Stream.of(
                wrong(b -> b.connectTimeout(negative), "connectTimeout" + off),
                wrong(
                        b -> b.connectTimeout(Duration.ofDays(36_501)),
                        "connectTimeout PT876024H is too long; use at most 36500 days, or zero to switch it off"),
                wrong(b -> b.connectAttempts(0, second), "connectAttempts 0 is out of range; use 1 or more"),
                wrong(b -> b.connectAttempts(1, negative), "connectAttempts deadline" + off),
                wrong(
                        b -> b.connectTimeout(Duration.ofSeconds(30)).to("a:1"),
                        "connectTimeout PT30S is longer than all attempts together may take, PT10S; give those as long"
                                + " or"
                                + " longer with connectAttempts(3, …)"),
                wrong(b -> b.halfClosedTimeout(negative), "halfClosedTimeout" + off),
                wrong(b -> b.maxDuration(negative, 0), "maxDuration" + off),
                wrong(
                        b -> b.maxDuration(second, 1.5),
                        "maxDuration jitter 1.5 is out of range; use 0 to 1, the part of the duration that may be"
                                + " added"),
                wrong(
                        b -> b.maxDuration(second, -0.1),
                        "maxDuration jitter -0.1 is out of range; use 0 to 1, the part of the duration that may be"
                                + " added"),
                wrong(
                        b -> b.maxDuration(second, Double.NaN),
                        "maxDuration jitter NaN is out of range; use 0 to 1, the part of the duration that may be"
                                + " added"),
                wrong(b -> b.backlog(0), "backlog 0 is out of range; use 1 or more"),
                wrong(
                        b -> b.keepAlive(negative),
                        "keepAlive PT-1S is out of range; use 1 to 32767 seconds, or zero to switch it off"),
                wrong(
                        b -> b.keepAlive(Duration.ofMillis(999)),
                        "keepAlive PT0.999S is out of range; use 1 to 32767 seconds, or zero to switch it off"),
                wrong(
                        b -> b.keepAlive(Duration.ofSeconds(32_768)),
                        "keepAlive PT9H6M8S is out of range; use 1 to 32767 seconds, or zero to switch it off"));
    }

    private static Arguments wrong(Consumer<TcpRoute.Builder> step, String message) {
        return Arguments.of(message, step);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"wrongValues", "wrongLimits", "wrongHeaders"})
    void aWrongValueIsRefusedWithTheRouteTheFieldTheValueAndWhatWouldBeRight(
            String message, Consumer<TcpRoute.Builder> step) {
        assertThatThrownBy(() -> step.accept(web()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("route \"web\": " + message);
    }
}
