package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Cidr;
import dev.sluice.CloseReason;
import dev.sluice.Flow;
import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.Tlv;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.NettyHeader;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A TCP route that expects a PROXY header. */
class ProxyHeaderInTest {
    private static final Cidr LOOPBACK = Cidr.of("127.0.0.0/8");
    private static final String LINE = "PROXY TCP4 192.0.2.1 198.51.100.2 35646 443\r\n";

    @RegisterExtension
    final Testbed bed = new Testbed();

    private TcpServer server;

    @BeforeEach
    void server() throws Exception {
        server = bed.server(TcpServer::echo);
    }

    private static TcpRoute.Builder web() {
        return Route.tcp("web").listen("127.0.0.1", 0).expectProxyProtocol(LOOPBACK);
    }

    private StartedProxy started() {
        return bed.start(web().to(server.hostPort()));
    }

    private static byte[] v2() {
        return NettyHeader.v2(HAProxyProxiedProtocol.TCP4, "192.0.2.1", "198.51.100.2", 35646, 443);
    }

    private static void assertNamed(FlowInfo info) {
        assertThat(info.client().toString()).isEqualTo("/192.0.2.1:35646");
        assertThat(info.local().toString()).isEqualTo("/198.51.100.2:443");
        assertThat(info.peer().getAddress().isLoopbackAddress()).isTrue();
    }

    private void assertRefused(StartedProxy proxy, CloseReason reason) {
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(reason);
        assertThat(end.attempts()).isZero();
        assertThat(proxy.metrics().ended(reason)).isOne();
        assertThat(server.accepted()).isZero();
    }

    @Test
    void theClientIsWhomTheHeaderNamesAndWhatFollowsIsPayload() throws Exception {
        StartedProxy proxy = started();
        TcpPeer client = bed.connect(proxy).send(LINE + "hello").expect("hello");
        assertNamed(proxy.route().flows().get(0).info());
        client.endStream().expectEnd();

        FlowEnd end = proxy.log().awaitEnd();
        assertNamed(end.info());
        assertThat(end.bytesToUpstream()).as("the header is none of the flow's").isEqualTo(5);
        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
    }

    @Test
    void whatWasAddedIsThereToBeSeen() throws Exception {
        StartedProxy proxy = started();
        byte[] header = NettyHeader.encode(new HAProxyMessage(
                HAProxyProtocolVersion.V2,
                HAProxyCommand.PROXY,
                HAProxyProxiedProtocol.TCP6,
                "2001:db8::1",
                "2001:db8::2",
                1,
                2,
                List.of(new HAProxyTLV((byte) Tlv.AUTHORITY, Unpooled.wrappedBuffer("a.com".getBytes())))));
        TcpPeer client = bed.connect(proxy);
        client.out().write(header);
        client.send("hello").expect("hello");

        FlowInfo info = proxy.route().flows().get(0).info();
        assertThat(info.tlvs()).containsExactly(Tlv.of(Tlv.AUTHORITY, "a.com"));
        assertThat(info.client().getAddress().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
    }

    /** Byte for byte, each in a segment of its own as far as the kernel lets it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHeaderMayComeInAnyPieces(boolean binary) throws Exception {
        StartedProxy proxy = started();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(binary ? v2() : LINE.getBytes(StandardCharsets.US_ASCII));
        all.write("hello".getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = all.toByteArray();
        TcpPeer client = bed.connect(proxy);
        client.socket().setTcpNoDelay(true);
        for (byte next : bytes) {
            client.out().write(next);
            proxy.awaitTurn();
        }
        client.expect("hello");
        assertNamed(proxy.route().flows().get(0).info());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereTheHeaderNamesNobodyTheClientIsThePeer(boolean binary) throws Exception {
        StartedProxy proxy = started();
        TcpPeer client = bed.connect(proxy);
        client.out().write(binary ? NettyHeader.local() : "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
        client.send("hello").expect("hello");

        FlowInfo info = proxy.route().flows().get(0).info();
        assertThat(info.client())
                .isEqualTo(client.socket().getLocalSocketAddress())
                .isEqualTo(info.peer());
        assertThat(info.local()).isEqualTo(proxy.address());
    }

    @Test
    void aServerThatSpeaksFirstWaitsForTheHeader() throws Exception {
        StartedProxy proxy = bed.start(web().to(bed.named("greeting")));
        TcpPeer client = bed.connect(proxy);
        proxy.awaitTurn();
        client.send(LINE).expect("greeting");
    }

    @Test
    void anEndOfStreamRightAfterHeaderAndPayloadIsPassedOn() throws Exception {
        StartedProxy proxy = started();
        bed.connect(proxy).send(LINE + "hello").endStream().expect("hello").expectEnd();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "PROXY TCP5 1.1.1.1 2.2.2.2 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 35646 70000\r\n",
                "\r\n\r\nhello"
            })
    void whatIsNoHeaderEndsTheConnectionAndNothingIsDialled(String sent) throws Exception {
        StartedProxy proxy = started();
        bed.connect(proxy).send(sent).expectReset();
        assertRefused(proxy, CloseReason.BAD_HEADER);
    }

    @Test
    void anEndBeforeTheHeaderIsWholeIsNoHeader() throws Exception {
        StartedProxy proxy = started();
        bed.connect(proxy).send(LINE.substring(0, 20)).endStream().expectReset();
        assertRefused(proxy, CloseReason.BAD_HEADER);
    }

    @Test
    void aProbeThatEndsWithoutAByteIsClosedInGoodOrder() throws Exception {
        StartedProxy proxy = started();
        bed.connect(proxy).endStream().expectEnd();
        assertRefused(proxy, CloseReason.DONE);
    }

    @Test
    void aResetBeforeTheHeaderIsWholeIsTheClients() throws Exception {
        StartedProxy proxy = started();
        TcpPeer client = bed.connect(proxy).send(LINE.substring(0, 20));
        Await.until("it was accepted", () -> proxy.metrics().active() == 1);
        client.reset();
        assertRefused(proxy, CloseReason.CLIENT_RESET);
    }

    /** Whatever is sent meanwhile: the time counts from the accept. */
    @Test
    void aHeaderThatDoesNotComeInTimeEndsTheConnection() throws Exception {
        StartedProxy proxy =
                bed.start(web().prefaceTimeout(Duration.ofMillis(60)).to(server.hostPort()));
        byte[] header = NettyHeader.local();
        // Two bytes of length: it says that there are 16,000 more to come.
        header[14] = (byte) (16_000 >> Byte.SIZE);
        header[15] = (byte) 16_000;
        TcpPeer client = bed.connect(proxy);
        drip(client, header);
        while (proxy.metrics().ended(CloseReason.PREFACE_TIMEOUT) == 0) {
            drip(client, new byte[1]);
            proxy.awaitTurn();
        }
        assertRefused(proxy, CloseReason.PREFACE_TIMEOUT);
        assertThat(proxy.log().awaitEnd().took()).isBetween(Duration.ofMillis(60), Duration.ofSeconds(5));
    }

    private static void drip(TcpPeer client, byte[] bytes) {
        try {
            client.out().write(bytes);
        } catch (IOException reset) {
            // It has been: what is to be seen.
        }
    }

    @Test
    void aPeerThatIsNotTrustedIsReset() throws Exception {
        StartedProxy proxy = bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .expectProxyProtocol(Cidr.of("10.0.0.0/8"), Cidr.of("127.0.0.2"))
                .to(server.hostPort()));
        bed.own(Knock.at(proxy.address())).expectReset();
        assertRefused(proxy, CloseReason.UNTRUSTED_PEER);

        bed.own(TcpPeer.connectFrom("127.0.0.2", proxy.address()))
                .send(LINE + "in")
                .expect("in");
    }

    @Test
    void rulesAndLimitsAreAboutTheClientOfTheHeader() throws Exception {
        StartedProxy proxy = bed.start(web().allow(Cidr.of("192.0.2.0/24"))
                .deny(Cidr.of("192.0.2.9"))
                .maxConnectionsPerClient(1)
                .to(server.hostPort()));
        TcpPeer first = bed.connect(proxy).send(LINE + "in").expect("in");

        bed.connect(proxy).send(LINE).expectReset();
        bed.connect(proxy).send(LINE.replace("192.0.2.1", "192.0.2.9")).expectReset();
        bed.connect(proxy).send("PROXY UNKNOWN\r\n").expectReset();
        assertThat(proxy.log().awaitEnds(3))
                .extracting(FlowEnd::reason)
                .containsExactly(CloseReason.LIMIT_CLIENT, CloseReason.DENIED, CloseReason.DENIED);
        assertThat(proxy.log().ended().get(0).info().client().toString()).isEqualTo("/192.0.2.1:35646");

        bed.connect(proxy).send(LINE.replace("192.0.2.1", "192.0.2.2") + "in").expect("in");
        first.reset();
        proxy.log().awaitEnds(4);
        bed.connect(proxy).send(LINE + "in").expect("in");
    }

    @Test
    void aConnectionThatSaysNothingHasAPlaceOfTheRoute() throws Exception {
        StartedProxy proxy = bed.start(web().maxConnections(1).to(server.hostPort()));
        TcpPeer silent = bed.connect(proxy);
        Await.until("it was accepted", () -> proxy.metrics().active() == 1);

        bed.own(Knock.at(proxy.address())).expectReset();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.LIMIT_ROUTE);
        silent.send(LINE + "in").expect("in");
    }

    @Test
    void aSelectorSeesTheClientOfTheHeader() throws Exception {
        AtomicReference<FlowInfo> seen = new AtomicReference<>();
        UpstreamSelector first = (candidates, flow) -> {
            seen.set(flow);
            return 0;
        };
        StartedProxy proxy = bed.start(web().to(Upstreams.of(server.hostPort()).select(first)));
        bed.connect(proxy).send(LINE + "in").expect("in");

        assertNamed(seen.get());
    }

    @Test
    void aConnectionThatIsClosedByTheUserBeforeItsHeaderEnds() throws Exception {
        StartedProxy proxy = started();
        TcpPeer client = bed.connect(proxy);
        Await.until("it was accepted", () -> proxy.metrics().active() == 1);
        proxy.route().flows().get(0).close();
        client.expectReset();
        assertRefused(proxy, CloseReason.CLOSED_BY_USER);
    }

    @Test
    void aHeaderThatFillsAllThatIsHeldForItLeavesRoomForPayload() throws Exception {
        StartedProxy proxy = started();
        byte[] header = NettyHeader.encode(new HAProxyMessage(
                HAProxyProtocolVersion.V2,
                HAProxyCommand.PROXY,
                HAProxyProxiedProtocol.TCP4,
                "192.0.2.1",
                "198.51.100.2",
                35646,
                443,
                List.of(new HAProxyTLV((byte) 0xe0, Unpooled.wrappedBuffer(new byte[16_384 - 28 - 3])))));
        assertThat(header).hasSize(16_384);
        TcpPeer client = bed.connect(proxy);
        client.out().write(header);
        client.send("hello").expect("hello");
        assertNamed(proxy.route().flows().get(0).info());
    }

    @Test
    void theTimeForDiallingBeginsWithTheHeader() throws Exception {
        Duration all = Duration.ofMillis(500);
        HeldResolver names = new HeldResolver()
                .knows("late.example", server.address().getAddress())
                .holds("late.example");
        StartedProxy proxy = bed.start(
                builder -> builder.resolver(names),
                web().connectAttempts(3, all)
                        .to("late.example:" + server.address().getPort()));
        TcpPeer client = bed.connect(proxy);
        Await.until("it was accepted", () -> proxy.metrics().active() == 1);
        Flow flow = proxy.route().flows().get(0);
        Await.until("that time has passed", () -> flow.age().compareTo(all) > 0);

        client.send(LINE + "hello");
        Await.until("the name is asked for", () -> names.asked("late.example") == 1);
        proxy.awaitTurn();
        names.release("late.example");
        client.expect("hello");
    }
}
