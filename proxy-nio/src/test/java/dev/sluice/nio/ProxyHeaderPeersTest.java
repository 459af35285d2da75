package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.Cidr;
import dev.sluice.ProxyProtocol;
import dev.sluice.Route;
import dev.sluice.Tlv;
import dev.sluice.nio.testkit.OtherProxy;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** HAProxy and nginx, in front of ours and behind it: they understand our headers, and we theirs. */
class ProxyHeaderPeersTest {
    private static final Cidr LOOPBACK = Cidr.of("127.0.0.1");

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy ours(ProxyProtocol sent, String upstream) {
        List<Tlv> added = sent == ProxyProtocol.V1
                ? List.of()
                : List.of(Tlv.of(Tlv.AUTHORITY, "www.example"), Tlv.of(Tlv.UNIQUE_ID, "a"), Tlv.crc32c());
        return bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .expectProxyProtocol(LOOPBACK)
                .sendProxyProtocol(sent, added.toArray(Tlv[]::new))
                .to(upstream));
    }

    private static String hostPort(StartedProxy proxy) {
        return "127.0.0.1:" + proxy.address().getPort();
    }

    private static int localPort(TcpPeer client) {
        return client.socket().getLocalPort();
    }

    @ParameterizedTest
    @CsvSource({"send-proxy, V1", "send-proxy, V2", "send-proxy-v2, V1", "send-proxy-v2, V2"})
    void haproxyOnBothSidesKeepsTheClient(String theirs, ProxyProtocol sent) throws Exception {
        assumeThat(OtherProxy.find("haproxy")).as("haproxy on this host").isPresent();
        TcpServer server = bed.server();
        OtherProxy behind = bed.own(OtherProxy.haproxy("accept-proxy", server.hostPort() + " send-proxy"));
        StartedProxy ours = ours(sent, behind.hostPort());
        OtherProxy front = bed.own(OtherProxy.haproxy("", hostPort(ours) + " " + theirs));
        TcpPeer client = bed.connect(front.address()).send("hello");

        TcpPeer upstream = server.accept();
        assertThat(upstream.line())
                .isEqualTo("PROXY TCP4 127.0.0.1 127.0.0.1 " + localPort(client) + " "
                        + front.address().getPort() + "\r");
        upstream.expect("hello").send("hi").endStream();
        client.expect("hi").expectEnd();
        InetSocketAddress known = ours.route().flows().isEmpty()
                ? ours.log().awaitEnd().info().client()
                : ours.route().flows().get(0).info().client();
        assertThat(known).isEqualTo(client.socket().getLocalSocketAddress());
    }

    @ParameterizedTest
    @EnumSource
    void nginxOnBothSidesKeepsTheClient(ProxyProtocol sent) throws Exception {
        assumeThat(OtherProxy.find("nginx")).as("nginx on this host").isPresent();
        OtherProxy behind = bed.own(OtherProxy.nginx(
                "proxy_protocol",
                "return \"$proxy_protocol_addr $proxy_protocol_port $proxy_protocol_server_port\\n\";"));
        StartedProxy ours = ours(sent, behind.hostPort());
        OtherProxy front = bed.own(OtherProxy.nginx("", "proxy_pass " + hostPort(ours) + "; proxy_protocol on;"));
        TcpPeer client = bed.connect(front.address());

        assertThat(client.line())
                .isEqualTo(
                        "127.0.0.1 " + localPort(client) + " " + front.address().getPort());
    }
}
