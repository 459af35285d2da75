package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.Flow;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.Transport;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flows that live now: listed, measured, ended. */
class MetricsFlowsTest {
    private static final int PIECE = 64 * 1024;
    private static final long MORE_THAN_A_KERNEL_HOLDS = 64L << 20;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private StartedProxy web(TcpServer server) {
        return bed.start(
                builder -> builder.workers(2),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
    }

    @Test
    void aConnectionIsListedWithAllThatIsKnownOfIt() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = web(server);
        long begun = System.nanoTime();
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        Flow flow = onlyFlow(proxy);

        assertThat(flow.info().route()).isEqualTo("web");
        assertThat(flow.info().transport()).isEqualTo(Transport.TCP);
        assertThat(flow.info().client()).isEqualTo(client.socket().getLocalSocketAddress());
        assertThat(flow.info().peer()).isEqualTo(flow.info().client());
        assertThat(flow.info().local()).isEqualTo(proxy.address());
        assertThat(flow.upstream()).isEqualTo(proxy.upstream(0).upstream());
        Await.until("both ways are counted", () -> flow.bytesToUpstream() == 5 && flow.bytesToClient() == 5);
        assertThat(flow.age()).isBetween(Duration.ofNanos(1), Duration.ofNanos(System.nanoTime() - begun));
    }

    private static Flow onlyFlow(StartedProxy proxy) {
        List<Flow> flows = proxy.route().flows();
        assertThat(flows).hasSize(1);
        return flows.get(0);
    }

    @Test
    void aConnectionToAWildcardKnowsTheAddressItReached() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen(0).to(server.hostPort()));
        InetSocketAddress reached =
                new InetSocketAddress("127.0.0.1", proxy.route().port());
        bed.connect(reached).send("hello").expect("hello");

        InetSocketAddress local = onlyFlow(proxy).info().local();

        assertThat(local).isEqualTo(reached);
        assertThat(local.getAddress().isAnyLocalAddress()).isFalse();
    }

    @Test
    void aSessionIsListedWithAllThatIsKnownOfIt() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(builder -> builder.workers(2), Udp.route().to(server.hostPort()));
        UdpPeer client = udp.peer();
        client.exchange(proxy.address(), "hello");

        Flow flow = onlyFlow(proxy);

        assertThat(flow.info().route()).isEqualTo("dns");
        assertThat(flow.info().transport()).isEqualTo(Transport.UDP);
        assertThat(flow.info().client()).isEqualTo(client.address());
        assertThat(flow.info().peer()).isEqualTo(client.address());
        assertThat(flow.info().local()).isEqualTo(proxy.address());
        assertThat(flow.upstream()).isEqualTo(proxy.upstream(0).upstream());
        Await.until("both ways are counted", () -> flow.bytesToUpstream() == 5 && flow.bytesToClient() == 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void idsAreUniqueOverAllWorkersAndRoutes(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        UdpServer dns = udp.echo();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()),
                Udp.route().to(dns.hostPort()));
        for (int i = 0; i < 30; i++) {
            bed.connect(proxy).send("hi").expect("hi");
            udp.peer().exchange(proxy.server().route("dns").localAddress(), "hi");
        }

        Set<Long> ids = new HashSet<>();
        proxy.server().routes().forEach(route -> route.flows().forEach(flow -> ids.add(flow.id())));

        assertThat(ids).hasSize(60);
    }

    @Test
    void aFlowIsClosedInOrderAfterWhatWasRead() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = web(server);
        TcpPeer client = bed.connect(proxy).send("question");
        TcpPeer upstream = server.accept().expect("question").send("answer");
        client.expect("answer");

        onlyFlow(proxy).close();

        client.expectEnd();
        upstream.expectEnd();
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
        assertThat(end.bytesToUpstream()).isEqualTo("question".length());
        assertThat(end.bytesToClient()).isEqualTo("answer".length());
    }

    /** What the proxy had read by then is delivered to the slow side, and after it the end. */
    @Test
    void whatWasReadBeforeACloseIsDelivered() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = web(server);
        TcpPeer client = bed.connect(proxy);
        TcpPeer upstream = server.accept();
        bed.fork(() -> Payload.send(client.out(), 64L << 20, 1));
        Await.until("the upstream is stalled", () -> proxy.server().metrics().bufferBytesHeld() > 0);

        Flow flow = onlyFlow(proxy);
        flow.close();
        Payload received = Payload.receive(upstream.in(), Long.MAX_VALUE);

        assertThat(received.bytes()).isEqualTo(flow.bytesToUpstream()).isPositive();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
    }

    /** Closing a socket with unread input would be a reset, and would throw away what its side has not got yet. */
    @Test
    void aCloseLosesNothingOfWhatWasReadWhileBothSidesGoOnSending() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = web(server);
        TcpPeer client = bed.connect(proxy);
        TcpPeer upstream = server.accept();
        client.fill(1);
        upstream.fill(2);
        Flow flow = onlyFlow(proxy);

        flow.close();
        Payload atUpstream = Payload.receive(upstream.in(), Long.MAX_VALUE);
        Payload atClient = Payload.receive(client.in(), Long.MAX_VALUE);

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
        assertThat(atUpstream).isEqualTo(Payload.of(flow.bytesToUpstream(), 1));
        assertThat(atClient).isEqualTo(Payload.of(flow.bytesToClient(), 2));
    }

    /** Closing the upstream's socket while it still sends would be a reset, and it may have much to read yet. */
    @Test
    void aCloseLosesNothingForAnUpstreamThatGoesOnSendingToAClientThatHasEnded() throws Exception {
        int request = 600_000;
        TcpServer server = bed.server();
        StartedProxy proxy = web(server);
        TcpPeer client = bed.connect(proxy);
        TcpPeer upstream = server.accept();
        Payload sent = Payload.send(client.out(), request, 1);
        client.endStream();
        Flow flow = onlyFlow(proxy);
        Await.until("all was passed on", () -> flow.bytesToUpstream() == request);
        AtomicLong answered = new AtomicLong();
        Future<Void> answering = bed.fork(() -> {
            while (!upstream.socket().isOutputShutdown()) {
                upstream.out().write(new byte[PIECE]);
                answered.addAndGet(PIECE);
            }
            return null;
        });

        flow.close();
        long atClient = Payload.receive(client.in(), Long.MAX_VALUE).bytes();
        long most = atClient + MORE_THAN_A_KERNEL_HOLDS;
        Await.until("what it sends is still read", () -> answered.get() > most || answering.isDone());
        Payload received = Payload.receive(upstream.in(), Long.MAX_VALUE);

        assertThat(received).isEqualTo(sent);
        assertThat(atClient).isEqualTo(flow.bytesToClient());
        upstream.endStream();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
    }

    @Test
    void aFlowIsResetAtOnce() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = web(server);
        TcpPeer client = bed.connect(proxy).send("hello");
        TcpPeer upstream = server.accept().expect("hello");

        onlyFlow(proxy).reset();

        client.expectReset();
        upstream.expectReset();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFlowThatHasNotReachedItsUpstreamIsResetEitherWay(boolean inOrder) throws Exception {
        HeldResolver resolver = new HeldResolver().holds("slow.example");
        StartedProxy proxy = bed.start(
                builder -> builder.resolver(resolver),
                Route.tcp("web").listen("127.0.0.1", 0).to("slow.example:80"));
        TcpPeer client = bed.connect(proxy);
        Await.until("it dials", () -> proxy.metrics().active() == 1);
        Flow flow = onlyFlow(proxy);

        if (inOrder) {
            flow.close();
        } else {
            flow.reset();
        }

        client.expectReset();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
        assertThat(flow.upstream()).isEqualTo(proxy.upstream(0).upstream());
    }

    @Test
    void onlyTheFlowThatIsMeantEnds() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = web(server);
        List<TcpPeer> clients = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            clients.add(bed.connect(proxy).send("hi").expect("hi"));
        }
        TcpPeer meant = clients.remove(4);

        proxy.route().flows().stream()
                .filter(flow -> flow.info().client().equals(meant.socket().getLocalSocketAddress()))
                .forEach(Flow::reset);

        meant.expectReset();
        for (TcpPeer client : clients) {
            client.send("still").expect("still");
        }
        assertThat(proxy.route().flows()).hasSize(9);
    }

    @Test
    void onceAConnectionHasEndedItsNumbersStandStillAndEndingItDoesNothing() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = web(server);
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");
        Flow flow = onlyFlow(proxy);
        client.endStream().expectEnd();
        FlowEnd end = proxy.log().awaitEnd();

        expectStill(flow, end);
        assertThat(proxy.metrics().ended(CloseReason.DONE)).isEqualTo(1);
        assertThat(proxy.metrics().ended(CloseReason.CLOSED_BY_USER)).isZero();
    }

    @Test
    void onceASessionHasEndedItsNumbersStandStillAndEndingItDoesNothing() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().requests(1).responses(1).to(server.hostPort()));
        UdpPeer upstream = udp.peer();
        proxy.server().replace(Udp.route().requests(1).responses(1).to(upstream.hostPort()));
        udp.peer().send(proxy.address(), "query");
        InetSocketAddress session = upstream.expect("query").from();
        Flow flow = onlyFlow(proxy);
        upstream.send(session, "answer");
        FlowEnd end = proxy.log().awaitEnd();

        expectStill(flow, end);
        assertThat(proxy.metrics().ended(CloseReason.ANSWERED)).isEqualTo(1);
        assertThat(proxy.metrics().ended(CloseReason.CLOSED_BY_USER)).isZero();
    }

    private static void expectStill(Flow flow, FlowEnd end) {
        flow.close();
        flow.reset();
        Duration age = flow.age();
        long begun = System.nanoTime();
        Await.until("the clock has moved on", () -> System.nanoTime() - begun > 5_000_000);

        assertThat(flow.age()).isEqualTo(age).isEqualTo(end.took());
        assertThat(flow.bytesToUpstream()).isEqualTo(end.bytesToUpstream());
        assertThat(flow.bytesToClient()).isEqualTo(end.bytesToClient());
        assertThat(flow.upstream()).isEqualTo(end.upstream());
    }
}
