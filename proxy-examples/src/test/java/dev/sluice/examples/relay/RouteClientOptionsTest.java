package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Cidr;
import dev.sluice.PortTaken;
import dev.sluice.ProxyProtocol;
import dev.sluice.Route;
import dev.sluice.SourceAddress;
import dev.sluice.TcpRoute;
import dev.sluice.UdpRoute;
import dev.sluice.Upstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The options of a route that say who its client is, and to whom. */
class RouteClientOptionsTest {

    private static Route route(String text) {
        return RouteArgument.parse(text).route("it");
    }

    @Test
    void theSourceIsAsWritten() {
        assertThat(route("7005=a:1").source()).isEqualTo(SourceAddress.proxy());
        assertThat(route("7005=a:1?source=client").source()).isEqualTo(SourceAddress.client());
        assertThat(route("udp:7005=a:1?source=client-port").source())
                .isEqualTo(SourceAddress.clientWithPort(PortTaken.ANOTHER));
        assertThat(route("7005=a:1?source=10.0.0.9").source()).isEqualTo(SourceAddress.fixed("10.0.0.9"));
    }

    @Test
    void whatIsInterceptedGoesElsewhereOrWhereItWasMeantToGo() {
        assertThat(route("7005=a:1?intercept=true").isIntercepting()).isTrue();
        assertThat(route("7005=original?intercept=true").upstreams().members())
                .allMatch(Upstream::isOriginalDestination);
        assertThatThrownBy(() -> route("7005=original"))
                .hasMessage("route \"it\": upstream original needs option intercept=true");
        assertThatThrownBy(() -> route("7005=original?intercept=true&proxyIn=10.0.0.0/8"))
                .hasMessageContaining("original and option proxyIn together");
        assertThatThrownBy(() -> route("udp:7005=original?intercept=true")).hasMessageContaining("is for TCP routes");
        assertThatThrownBy(() -> route("7005=original,a:1?intercept=true"))
                .hasMessageContaining("upstream original stands alone");
        assertThatThrownBy(() -> route("7005=a:1?preface=1s")).hasMessageStartingWith("route \"it\": option preface");
    }

    @Test
    void headersAreExpectedAndSentAsWritten() {
        TcpRoute tcp = (TcpRoute) route("7005=a:1?proxyIn=10.0.0.0/8,::1&preface=2s&proxyOut=v1");
        assertThat(tcp.trustedPeers()).containsExactly(Cidr.of("10.0.0.0/8"), Cidr.of("::1"));
        assertThat(tcp.prefaceTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(tcp.sentProxyProtocol()).isEqualTo(ProxyProtocol.V1);
        UdpRoute each = (UdpRoute) route("udp:7005=a:1?proxyIn=10.0.0.0/8&proxyOut=v2");
        assertThat(each.trustedPeers()).containsExactly(Cidr.of("10.0.0.0/8"));
        assertThat(each.repeatsProxyProtocol()).isTrue();
        UdpRoute first = (UdpRoute) route("udp:7005=a:1?proxyOut=v2-first");
        assertThat(first.sentProxyProtocol()).isEqualTo(ProxyProtocol.V2);
        assertThat(first.repeatsProxyProtocol()).isFalse();
        assertThat(route("7005=a:1").sentProxyProtocol()).isNull();
    }
}
