package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Transport;
import dev.sluice.UdpRoute;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.ProxyHost;
import dev.sluice.nio.testkit.RoutedNetwork;
import dev.sluice.nio.testkit.RoutedNetwork.Host;
import dev.sluice.nio.testkit.Testbed;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients talk to the upstream's own address, and a route on the way takes that. */
class InterceptionTest {
    private static final int PORT = 8_001;
    private static final int ECHO = 7;
    private static final String NFT = """
            nft -f - <<'RULES'
            table inet sluice {
              chain divert {
                type filter hook prerouting priority mangle; policy accept;
                fib daddr type local accept
                iif cl0 meta nfproto ipv4 tcp dport 7 tproxy ip to :8001 meta mark set 1 accept
                iif cl0 meta nfproto ipv6 tcp dport 7 tproxy ip6 to :8001 meta mark set 1 accept
              }
            }
            RULES
            """;
    private static final String IPTABLES = """
            for tables in iptables ip6tables; do
              $tables -t mangle -A PREROUTING -i cl0 -p tcp --dport 7 -j TPROXY --on-port 8001 --tproxy-mark 1
            done
            """;
    private static final String ROUTES = """
            ip -4 rule add fwmark 1 lookup 100
            ip -6 rule add fwmark 1 lookup 100
            """;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private RoutedNetwork network;

    @BeforeEach
    void network() throws Exception {
        assumeThat(RoutedNetwork.missing()).isEmpty();
        network = bed.own(RoutedNetwork.create());
        network.startEchoes(ECHO);
    }

    @ParameterizedTest
    @CsvSource({"nft, IPV4, ::", "nft, IPV6, ::", "iptables, IPV4, 0.0.0.0", "iptables, IPV6, ::"})
    void aDivertedConnectionGoesWhereItWasMeantToGo(String rules, Family family, String listen) throws Exception {
        network.run(Host.PROXY, (rules.equals("nft") ? NFT : IPTABLES) + ROUTES);
        ProxyHost proxy = ProxyHost.start(
                network, SourceProgram.class, "client-port", "TCP+," + listen + "," + PORT + ",original");
        String upstream = RoutedNetwork.address(Host.UPSTREAM, family);

        assertThat(proxy.serve(Transport.TCP, upstream, ECHO, 200, true))
                .as(proxy.counted())
                .containsExactly("served 200");
    }

    @Test
    void aDivertedConnectionMayGoElsewhere() throws Exception {
        network.run(Host.PROXY, NFT + ROUTES);
        ProxyHost proxy =
                ProxyHost.start(network, SourceProgram.class, "client", "TCP+,0.0.0.0," + PORT + ",10.2.0.2:" + ECHO);
        network.run(Host.CLIENT, "ip route add 203.0.113.0/24 via 10.1.0.1");

        assertThat(proxy.serve(Transport.TCP, "203.0.113.9", ECHO, 1, false)).containsExactly("served 1");
        assertThat(proxy.line()).isEqualTo("tcp-8001 DONE 10.2.0.2:7 for /203.0.113.9:7");
    }

    @Test
    void aConnectionThatWasNotDivertedHasNowhereToGo() throws Exception {
        ProxyHost proxy = ProxyHost.start(network, SourceProgram.class, "proxy", "TCP+,0.0.0.0," + PORT + ",original");
        network.start(Host.CLIENT, "socat", "-", "TCP:10.1.0.1:" + PORT);

        assertThat(proxy.line()).startsWith("tcp-8001 NO_UPSTREAM");
    }

    /** The client's kernel would not take answers from another address than the one that it has sent to. */
    @ParameterizedTest
    @EnumSource(Family.class)
    void datagramsToListedAddressesAreTakenAndAnsweredFromThere(Family family) throws Exception {
        boolean isIpv4 = family == Family.IPV4;
        String meant = isIpv4 ? "203.0.113.9" : "2001:db8::9";
        network.run(
                Host.PROXY,
                isIpv4 ? "ip route add local 203.0.113.0/24 dev lo" : "ip -6 addr add 2001:db8::9/128 dev lo nodad");
        String upstream = isIpv4 ? "10.2.0.2:" : "[fd00:2::2]:";
        ProxyHost proxy = ProxyHost.start(
                network,
                SourceProgram.class,
                "client-port",
                "UDP+," + meant + "," + ECHO + "," + upstream + ECHO,
                "UDP+," + meant + "," + (ECHO + RoutedNetwork.UDP_ECHO) + "," + upstream
                        + (ECHO + RoutedNetwork.UDP_ECHO));

        assertThat(proxy.serve(Transport.UDP, meant, ECHO, 100, true))
                .as(proxy.counted())
                .containsExactly("served 100");
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, ip route add local 203.0.113.9 dev lo",
        "2001:db8::9, ip -6 addr add 2001:db8:0:0:0:0:0:9/128 dev lo nodad"
    })
    void anAddressThatIsNotLocalYetIsNamedWithTheCommand(String meant, String command) {
        UdpRoute route = Route.udp("dns").listen(meant, 5_353).intercept().to("127.0.0.1:9");

        assertThatThrownBy(() -> ProxyServer.start(route))
                .hasMessageStartingWith("route \"dns\": cannot listen on ")
                .hasMessageEndingWith("make the address local first: " + command);
    }

    @Test
    void aNameOfAnAddressThatIsNotLocalYetIsNamedWithTheCommandToo() {
        UdpRoute route =
                Route.udp("dns").listen("far.example", 5_353).intercept().to("127.0.0.1:9");

        assertThatThrownBy(() -> ProxyServer.builder()
                        .resolver(name -> List.of(InetAddress.getByName("203.0.113.9")))
                        .start(route))
                .hasMessageEndingWith("make the address local first: ip route add local 203.0.113.9 dev lo");
    }
}
