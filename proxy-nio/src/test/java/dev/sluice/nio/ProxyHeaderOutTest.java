package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Cidr;
import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.ProxyProtocol;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.Tlv;
import dev.sluice.Upstream;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.NettyHeader;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A TCP route that sends its upstreams a PROXY header. */
class ProxyHeaderOutTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private static TcpRoute.Builder web(Family family) {
        return Route.tcp("web").listen(family.host(), 0);
    }

    private static TcpRoute.Builder web() {
        return web(Family.IPV4);
    }

    /** A line of version 1 for a client of the proxy's first route. */
    private static String line(TcpPeer client, StartedProxy proxy) {
        return "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.socket().getLocalPort() + " "
                + proxy.address().getPort() + "\r\n";
    }

    @Test
    void theLineComesFirstAndOnce() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = bed.start(web().sendProxyProtocol(ProxyProtocol.V1).to(server.hostPort()));
        Testbed.Pair pair = bed.pair(proxy, server);
        String line = line(pair.client(), proxy);

        pair.upstream().expect(line);
        pair.client().send("hello");
        pair.upstream().expect("hello").send("hi");
        pair.client().expect("hi").endStream();
        pair.upstream().expectEnd().endStream();
        pair.client().expectEnd();
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
        assertThat(end.bytesToUpstream()).as("the header is none of the flow's").isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void theBinaryHeaderHasWhatIsAdded(Family family) throws Exception {
        TcpServer server = bed.server(family);
        StartedProxy proxy = bed.start(web(family)
                .sendProxyProtocol(ProxyProtocol.V2, Tlv.of(Tlv.AUTHORITY, "a.com"), Tlv.crc32c())
                .to(server.hostPort()));
        TcpPeer client = bed.connect(proxy).send("hello").endStream();

        String received = NettyHeader.decode(server.accept().in().readAllBytes());
        String host = family == Family.IPV4 ? "127.0.0.1" : "0:0:0:0:0:0:0:1";
        assertThat(received)
                .startsWith("V2 TCP" + (family == Family.IPV4 ? "4 " : "6 ") + host + ":"
                        + client.socket().getLocalPort() + " > " + host + ":"
                        + proxy.address().getPort() + " [2="
                        + HexFormat.of().formatHex("a.com".getBytes()) + ", 3=")
                .endsWith("]\nhello");
    }

    @Test
    void whatTheClientSentWhileItWasDialledComesAfterTheHeader() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = bed.start(web().sendProxyProtocol(ProxyProtocol.V1).to(server.hostPort()));
        TcpPeer client = bed.connect(proxy).send("early").endStream();

        server.accept().expect(line(client, proxy) + "early").expectEnd();
    }

    @Test
    void aServerThatSpeaksFirstHasTheHeaderAlready() throws Exception {
        TcpServer server = bed.server(client -> client.send("hello " + client.line() + "\n"));
        StartedProxy proxy = bed.start(web().sendProxyProtocol(ProxyProtocol.V1).to(server.hostPort()));
        TcpPeer client = bed.connect(proxy);

        assertThat(client.line()).isEqualTo("hello " + line(client, proxy).strip() + "\r");
    }

    @Test
    void whoIsTriedNextIsToldToo() throws Exception {
        ClosedPort nobody = bed.own(ClosedPort.open(Family.IPV4));
        TcpServer resets = bed.server(TcpPeer::reset);
        TcpServer server = bed.server();
        StartedProxy proxy = bed.start(
                web().sendProxyProtocol(ProxyProtocol.V1).to(nobody.hostPort(), resets.hostPort(), server.hostPort()));
        TcpPeer client = bed.connect(proxy);

        TcpPeer upstream = server.accept().expect(line(client, proxy));
        client.send("hello");
        upstream.expect("hello");
    }

    @Test
    void relaysInARowKeepTheFirstClient() throws Exception {
        TcpServer server = bed.server();
        StartedProxy last = bed.start(web().expectProxyProtocol(Cidr.of("127.0.0.1"))
                .sendProxyProtocol(ProxyProtocol.V1)
                .to(server.hostPort()));
        StartedProxy middle = bed.start(web().expectProxyProtocol(Cidr.of("127.0.0.1"))
                .sendProxyProtocol(ProxyProtocol.V2, Tlv.crc32c())
                .to(Upstream.of("127.0.0.1:" + last.address().getPort())));
        StartedProxy first = bed.start(web().sendProxyProtocol(ProxyProtocol.V1)
                .to(Upstream.of("127.0.0.1:" + middle.address().getPort())));
        TcpPeer client = bed.connect(first).send("hello");

        server.accept().expect(line(client, first) + "hello");
        assertThat(last.route().flows().get(0).info().client())
                .isEqualTo(client.socket().getLocalSocketAddress());
    }
}
