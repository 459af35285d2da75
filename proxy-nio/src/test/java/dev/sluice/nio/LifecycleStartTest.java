package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Candidates;
import dev.sluice.FlowInfo;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.LiveThreads;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting: all routes or none. */
class LifecycleStartTest {
    private static final String NAMED = "lifecycle-start";

    @RegisterExtension
    final Testbed bed = new Testbed();

    private static void expectFree(int port) throws IOException {
        try (ServerSocket stream = new ServerSocket();
                DatagramSocket datagrams = new DatagramSocket(Family.IPV4.socketAddress(port))) {
            stream.setReuseAddress(false);
            stream.bind(Family.IPV4.socketAddress(port));
            assertThat(datagrams.getLocalPort()).isEqualTo(stream.getLocalPort());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aPortInUseFailsTheWholeStartAndGivesTheOthersBack(int workers) throws Exception {
        TcpServer taken = bed.server();
        int first = FreeAddress.tcp().getPort();

        assertThatThrownBy(() -> ProxyServer.builder()
                        .name(NAMED)
                        .workers(workers)
                        .start(
                                Route.tcp("web").listen("127.0.0.1", first).to("127.0.0.1:9"),
                                Route.udp("dns").listen("127.0.0.1", first).to("127.0.0.1:9"),
                                Route.tcp("late")
                                        .listen("127.0.0.1", taken.address().getPort())
                                        .to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("\"late\"")
                .hasMessageContaining("127.0.0.1:" + taken.address().getPort())
                .hasMessageContaining("in use");

        expectFree(first);
        assertThat(LiveThreads.named("sluice-" + NAMED)).isEmpty();
    }

    @Test
    void aUdpPortInUseFailsTheStart() throws Exception {
        UdpPeer taken = bed.own(UdpPeer.open(Family.IPV4));

        assertThatThrownBy(() -> ProxyServer.builder()
                        .name(NAMED)
                        .start(Route.udp("dns")
                                .listen("127.0.0.1", taken.address().getPort())
                                .to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("\"dns\"")
                .hasMessageContaining(taken.hostPort());

        assertThat(LiveThreads.named("sluice-" + NAMED)).isEmpty();
    }

    /** Though its own workers share a port, a proxy does not share one with anybody else, not even another proxy. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aPortOfAnotherProxyIsInUse(int workers) throws Exception {
        StartedProxy other = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"),
                Udp.route().to("127.0.0.1:9"));
        int udp = other.server().route("dns").port();

        assertThatThrownBy(() -> ProxyServer.builder()
                        .workers(workers)
                        .start(Route.tcp("copy")
                                .listen("127.0.0.1", other.route().port())
                                .to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> ProxyServer.builder()
                        .workers(workers)
                        .start(Route.udp("copy").listen("127.0.0.1", udp).to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void anAddressOfAnotherHostFailsTheStart() {
        assertThatThrownBy(() -> ProxyServer.start(
                        Route.tcp("web").listen("203.0.113.1", 0).to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("\"web\"")
                .hasMessageContaining("203.0.113.1");
    }

    @Test
    void aListeningNameThatNobodyKnowsFailsTheStart() {
        assertThatThrownBy(() -> ProxyServer.builder()
                        .resolver(host -> List.of())
                        .start(Route.tcp("web").listen("nowhere.example", 0).to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("\"web\"")
                .hasMessageContaining("nowhere.example");
    }

    @Test
    void aListeningNameIsResolvedByTheServersResolver() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                builder -> builder.resolver(host -> List.of(InetAddress.getByName("127.0.0.2"))),
                Route.tcp("web").listen("edge.example", 0).to(server.hostPort()));

        assertThat(proxy.address())
                .isEqualTo(new InetSocketAddress("127.0.0.2", proxy.route().port()));
        bed.connect(proxy).send("hello").expect("hello");
    }

    @Test
    void twoRoutesOfOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyServer.builder()
                        .name(NAMED)
                        .start(
                                Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"),
                                Udp.route("web").to("127.0.0.1:9")))
                .withMessageContaining("\"web\"");
        assertThat(LiveThreads.named("sluice-" + NAMED)).isEmpty();
    }

    @Test
    void twoDifferentGroupsOfOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyServer.start(
                        Route.tcp("web")
                                .listen("127.0.0.1", 0)
                                .to(Upstreams.of("127.0.0.1:9").named("backend")),
                        Route.tcp("api")
                                .listen("127.0.0.1", 0)
                                .to(Upstreams.of("127.0.0.1:10").named("backend"))))
                .withMessageContaining("\"backend\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:", "localhost:", "LOCALHOST:"})
    void anUpstreamThatIsAnOwnListenerIsRefused(String host) throws Exception {
        int port = FreeAddress.tcp().getPort();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyServer.builder()
                        .name(NAMED)
                        .start(
                                Route.tcp("web").listen("127.0.0.1", port).to("127.0.0.1:9"),
                                Route.tcp("loop").listen("127.0.0.1", 0).to("127.0.0.1:9", host + port)))
                .withMessageContaining("\"web\"")
                .withMessageContaining(String.valueOf(port));
        expectFree(port);
        assertThat(LiveThreads.named("sluice-" + NAMED)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void anUpstreamThatAnOwnWildcardListensOnIsRefused(String wildcard) throws Exception {
        int port = FreeAddress.tcp().getPort();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyServer.start(
                        Route.tcp("loop").listen(wildcard, port).to("127.0.0.1:" + port)))
                .withMessageContaining("\"loop\"");
    }

    /** Who dials the wildcard reaches the host's own loopback. */
    @Test
    void theWildcardAsAnUpstreamOnAnOwnPortIsRefused() throws Exception {
        int port = FreeAddress.tcp().getPort();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProxyServer.start(
                        Route.tcp("loop").listen("127.0.0.1", port).to("0.0.0.0:" + port)))
                .withMessageContaining("\"loop\"");
    }

    @Test
    void anUpstreamThatAWildcardOfTheOtherFamilyDoesNotCoverIsFine() throws Exception {
        assumeTrue(Family.IPV6.isAvailable());
        TcpServer server = bed.server(Family.IPV6, TcpServer::echo);
        int port = server.address().getPort();

        StartedProxy proxy = bed.start(Route.tcp("web").listen("0.0.0.0", port).to(server.hostPort()));

        bed.connect(Family.IPV4.socketAddress(port)).send("hello").expect("hello");
        assertThat(proxy.route().port()).isEqualTo(port);
    }

    @Test
    void anUpstreamOnAnOwnPortOfTheOtherTransportIsFine() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        int port = server.address().getPort();

        StartedProxy proxy = bed.start(
                Route.udp("dns").listen("127.0.0.1", port).to("127.0.0.1:9"),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));

        bed.connect(proxy.server().route("web").localAddress()).send("hello").expect("hello");
    }

    @Test
    void aSelectorThatCannotBePreparedFailsTheStart() {
        UpstreamSelector unready = new UpstreamSelector() {
            @Override
            public int select(Candidates candidates, FlowInfo flow) {
                return 0;
            }

            @Override
            public UpstreamSelector prepare(List<Upstream> members) {
                throw new IllegalStateException("no table today");
            }
        };

        assertThatThrownBy(() -> ProxyServer.builder()
                        .name(NAMED)
                        .start(
                                Route.tcp("first").listen("127.0.0.1", 0).to("127.0.0.1:9"),
                                Route.tcp("web")
                                        .listen("127.0.0.1", 0)
                                        .to(Upstreams.of("127.0.0.1:9").select(unready))))
                .hasStackTraceContaining("no table today");
        assertThat(LiveThreads.named("sluice-" + NAMED)).isEmpty();
    }

    @Test
    void startNeitherWaitsForNorFailsOnTheNamesOfUpstreams() throws Exception {
        HeldResolver resolver = new HeldResolver().holds("slow.example").holds("unknown.example");

        StartedProxy proxy = bed.start(
                builder -> builder.resolver(resolver),
                Route.tcp("web").listen("127.0.0.1", 0).to("slow.example:80", "unknown.example:80"));

        assertThat(proxy.route().port()).isPositive();
    }

    @Test
    void portZeroIsReallyBoundWhenStartReturns() throws Exception {
        StartedProxy proxy = bed.start(
                Route.tcp("web").listen("127.0.0.1", 0).listen("127.0.0.1", 0).to("127.0.0.1:9"),
                Udp.route().to("127.0.0.1:9"));

        assertThat(proxy.route().localAddresses()).hasSize(2).doesNotHaveDuplicates();
        assertThat(proxy.route().port())
                .isEqualTo(proxy.route().localAddresses().get(0).getPort());
        for (InetSocketAddress address : proxy.route().localAddresses()) {
            bed.own(Knock.at(address));
        }
        proxy.log().awaitEnds(2);
    }

    @Test
    void aServerWithoutRoutesIsAServer() {
        StartedProxy proxy = bed.start();

        assertThat(proxy.server().routes()).isEmpty();
        assertThat(proxy.server().metrics().workers()).isPositive();
    }

    @Test
    void aMissingRouteFailsTheStartAndLeavesNothing() {
        assumeTrue(OpenSockets.areListed());
        int before = OpenSockets.selectors();

        for (int i = 0; i < 5; i++) {
            assertThatNullPointerException()
                    .isThrownBy(
                            () -> ProxyServer.builder().name(NAMED).workers(2).start((Route) null));
        }

        assertThat(OpenSockets.selectors()).isEqualTo(before);
        assertThat(LiveThreads.named("sluice-" + NAMED)).isEmpty();
    }
}
