package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Cidr;
import dev.sluice.DropReason;
import dev.sluice.Flow;
import dev.sluice.NameResolver;
import dev.sluice.Route;
import dev.sluice.Tlv;
import dev.sluice.UdpRoute;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.NettyHeader;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** UDP routes that expect PROXY headers, and that send them. */
class UdpProxyHeaderTest {
    private static final Cidr LOOPBACK = Cidr.of("127.0.0.1");
    private static final int IPV4_HEADER = 28;
    private static final int LONGEST = 65_507;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private static UdpRoute.Builder expecting() {
        return Udp.route().expectProxyProtocol(LOOPBACK);
    }

    private static byte[] from(String client, String payload) {
        byte[] header = NettyHeader.v2(HAProxyProxiedProtocol.UDP4, client, "198.51.100.2", 35646, 53);
        return joined(header, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] joined(byte[] header, byte[] payload) {
        return ByteBuffer.allocate(header.length + payload.length)
                .put(header)
                .put(payload)
                .array();
    }

    private static void awaitDropped(StartedProxy proxy, DropReason reason, int count) {
        Await.until(reason + " is counted", () -> proxy.metrics().drops(reason) == count);
    }

    @Test
    void theClientIsWhomTheHeaderNamesAndTheAnswerGoesToThePeer() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(expecting().to(server.hostPort()));
        UdpPeer peer = udp.peer();
        peer.send(proxy.address(), from("192.0.2.1", "hello"));

        assertThat(peer.receive().text()).isEqualTo("hello");
        Flow flow = proxy.route().flows().get(0);
        assertThat(flow.info().client().toString()).isEqualTo("/192.0.2.1:35646");
        assertThat(flow.info().local().toString()).isEqualTo("/198.51.100.2:53");
        assertThat(flow.info().peer()).isEqualTo(peer.address());
        assertThat(flow.bytesToUpstream()).isEqualTo(5);
    }

    @Test
    void clientsBehindOnePeerHaveSessionsOfTheirOwn() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(expecting().to(server.hostPort()));
        UdpPeer peer = udp.peer();
        for (String client : new String[] {"192.0.2.1", "192.0.2.2", "192.0.2.1"}) {
            peer.send(proxy.address(), from(client, client));
            assertThat(peer.receive().text()).isEqualTo(client);
        }
        peer.send(proxy.address(), joined(NettyHeader.local(), "me".getBytes(StandardCharsets.UTF_8)));
        assertThat(peer.receive().text()).isEqualTo("me");

        assertThat(server.clients()).hasSize(3);
        assertThat(proxy.metrics().opened()).isEqualTo(3);
    }

    @Test
    void aDatagramWithoutHeaderIsDroppedInASessionToo() throws Exception {
        StartedProxy proxy = udp.start(expecting().to(udp.echo().hostPort()));
        UdpPeer peer = udp.peer();
        peer.send(proxy.address(), from("192.0.2.1", "hello"));
        peer.receive();

        peer.send(proxy.address(), "hello");
        peer.send(proxy.address(), "");
        peer.send(proxy.address(), "PROXY UNKNOWN\r\nhello");
        peer.send(proxy.address(), NettyHeader.v2(HAProxyProxiedProtocol.TCP4, "192.0.2.1", "192.0.2.2", 1, 2));
        peer.send(proxy.address(), Arrays.copyOf(from("192.0.2.1", ""), IPV4_HEADER - 1));
        awaitDropped(proxy, DropReason.BAD_HEADER, 5);
        assertThat(proxy.metrics().opened()).isOne();
    }

    @Test
    void aPeerThatIsNotTrustedIsNotHeard() throws Exception {
        StartedProxy proxy = udp.start(Udp.route()
                .expectProxyProtocol(Cidr.of("10.0.0.0/8"))
                .to(udp.echo().hostPort()));
        udp.peer().send(proxy.address(), from("192.0.2.1", "hello"));

        awaitDropped(proxy, DropReason.UNTRUSTED_PEER, 1);
        assertThat(proxy.metrics().opened()).isZero();
    }

    @Test
    void rulesAndLimitsAreAboutTheClientOfTheHeader() throws Exception {
        StartedProxy proxy = udp.start(expecting()
                .deny(Cidr.of("192.0.2.9"))
                .maxSessionsPerClient(1)
                .to(udp.echo().hostPort()));
        UdpPeer peer = udp.peer();
        peer.send(proxy.address(), from("192.0.2.9", "no"));
        awaitDropped(proxy, DropReason.DENIED, 1);
        peer.send(proxy.address(), from("192.0.2.1", "in"));
        assertThat(peer.receive().text()).isEqualTo("in");

        udp.peer().send(proxy.address(), from("192.0.2.1", "no"));
        awaitDropped(proxy, DropReason.CLIENT_LIMIT, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstDatagramOfASessionOrEachHasTheHeader(boolean every) throws Exception {
        UdpPeer server = udp.peer();
        StartedProxy proxy = udp.start(
                Udp.route().sendProxyProtocol(every, Tlv.of(Tlv.ALPN, "dns")).to(server.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "one").send(proxy.address(), "").send(proxy.address(), "three");

        String header = "V2 UDP4 127.0.0.1:" + client.address().getPort() + " > 127.0.0.1:"
                + proxy.address().getPort() + " [1=646e73]\n";
        assertThat(NettyHeader.decode(server.receive().payload())).isEqualTo(header + "one");
        if (every) {
            assertThat(NettyHeader.decode(server.receive().payload())).isEqualTo(header);
            assertThat(NettyHeader.decode(server.receive().payload())).isEqualTo(header + "three");
        } else {
            assertThat(server.receive().text()).isEmpty();
            assertThat(server.receive().text()).isEqualTo("three");
        }
        Await.until("the payload alone is counted", () -> proxy.metrics().bytesToUpstream() == 8);
    }

    @Test
    void anIpv6HeaderIsSentToo() throws Exception {
        UdpPeer server = udp.peer(Family.IPV6);
        StartedProxy proxy = udp.start(
                Route.udp("dns").listen("::1", 0).sendProxyProtocol(true).to(server.hostPort()));
        udp.peer(Family.IPV6).send(proxy.address(), "hello");

        byte[] received = server.receive().payload();
        assertThat(received).hasSize(52 + 5);
        assertThat(NettyHeader.decode(received)).startsWith("V2 UDP6 ").endsWith("hello");
    }

    @Test
    void aDatagramThatNoLongerFitsIsDropped() throws Exception {
        UdpPeer server = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().sendProxyProtocol(false).to(server.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), new byte[LONGEST - IPV4_HEADER + 1]);
        awaitDropped(proxy, DropReason.OVERSIZE, 1);

        client.send(proxy.address(), new byte[LONGEST - IPV4_HEADER]);
        assertThat(server.receive().payload()).as("the first that went had it").hasSize(LONGEST);
        client.send(proxy.address(), new byte[LONGEST]);
        assertThat(server.receive().payload()).as("without header again").hasSize(LONGEST);
    }

    @Test
    void theLongestDatagramIsThatOfThePayloadAlone() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(expecting().maxDatagram(10).to(server.hostPort()));
        UdpPeer peer = udp.peer();
        peer.send(proxy.address(), from("192.0.2.1", "0123456789"));
        assertThat(peer.receive().text()).isEqualTo("0123456789");

        peer.send(proxy.address(), from("192.0.2.1", "0123456789a"));
        awaitDropped(proxy, DropReason.OVERSIZE, 1);
    }

    @Test
    void datagramsThatWaitForANameHaveTheirHeaderToo() throws Exception {
        UdpPeer server = udp.peer();
        CountDownLatch asked = new CountDownLatch(1);
        NameResolver slow = host -> {
            Await.opened(asked);
            return List.of(Family.IPV4.address());
        };
        StartedProxy proxy = udp.start(
                builder -> builder.resolver(slow),
                Udp.route()
                        .sendProxyProtocol(true)
                        .to("late.example:" + server.address().getPort()));
        udp.peer().send(proxy.address(), "one").send(proxy.address(), "two");
        proxy.awaitTurn();
        asked.countDown();

        assertThat(NettyHeader.decode(server.receive().payload())).endsWith("one");
        assertThat(NettyHeader.decode(server.receive().payload())).endsWith("two");
    }

    @Test
    void relaysInARowKeepTheFirstClient() throws Exception {
        UdpPeer server = udp.peer();
        StartedProxy last = udp.start(expecting().sendProxyProtocol(true).to(server.hostPort()));
        StartedProxy first = udp.start(Udp.route()
                .sendProxyProtocol(true)
                .to("127.0.0.1:" + last.address().getPort()));
        UdpPeer client = udp.peer();
        client.send(first.address(), "hello");

        UdpPeer.Datagram received = server.receive();
        assertThat(NettyHeader.decode(received.payload()))
                .isEqualTo("V2 UDP4 127.0.0.1:" + client.address().getPort() + " > 127.0.0.1:"
                        + first.address().getPort() + " []\nhello");
        server.send(received.from(), "answer");
        assertThat(client.receive().text()).isEqualTo("answer");
    }

    @Test
    void aClientOfOnePeerHasASessionForEachDestination() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(expecting().to(server.hostPort()));
        UdpPeer peer = udp.peer();
        for (String meant : new String[] {"198.51.100.2", "198.51.100.3", "198.51.100.2"}) {
            byte[] header = NettyHeader.v2(HAProxyProxiedProtocol.UDP4, "192.0.2.1", meant, 35646, 53);
            peer.send(proxy.address(), joined(header, meant.getBytes(StandardCharsets.UTF_8)));
            assertThat(peer.receive().text()).isEqualTo(meant);
        }

        assertThat(proxy.metrics().opened()).isEqualTo(2);
    }

    /** IPv6 carries 20 bytes more than IPv4. */
    @Test
    void theLongestHeaderAndPayloadOfIpv6ArriveWhole() throws Exception {
        UdpPeer server = udp.peer(Family.IPV6);
        StartedProxy proxy = udp.start(Route.udp("dns")
                .listen("::1", 0)
                .expectProxyProtocol(Cidr.of("::1"))
                .to(server.hostPort()));
        byte[] header = NettyHeader.v2(HAProxyProxiedProtocol.UDP6, "2001:db8::1", "2001:db8::2", 1, 2);
        udp.peer(Family.IPV6).send(proxy.address(), joined(header, new byte[65_527 - header.length]));

        assertThat(server.receive().payload()).hasSize(65_527 - header.length);
    }
}
