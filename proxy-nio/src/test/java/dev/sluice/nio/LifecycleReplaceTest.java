package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.TcpRoute;
import dev.sluice.Upstream;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A route in the place of another while the server runs. */
class LifecycleReplaceTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private static TcpRoute.Builder web() {
        return Route.tcp("web").listen("127.0.0.1", 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aClientThatComesDuringAReplaceIsNeverRefused(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(builder -> builder.workers(workers), web().to(server.hostPort()));
        InetSocketAddress address = proxy.address();
        AtomicBoolean stop = new AtomicBoolean();
        Future<Integer> clients = bed.fork(() -> {
            int served = 0;
            while (!stop.get()) {
                try (TcpPeer client = TcpPeer.connect(address)) {
                    client.send("hello").expect("hello").endStream().expectEnd();
                }
                served++;
            }
            return served;
        });

        for (int i = 1; i <= 100; i++) {
            RunningRoute route =
                    proxy.server().replace(web().maxConnections(1_000 + i).to(server.hostPort()));
            assertThat(((TcpRoute) route.definition()).maxConnections()).isEqualTo(1_000 + i);
            assertThat(route.localAddress()).isEqualTo(address);
        }
        Await.until("some were served", () -> proxy.metrics().ended(CloseReason.DONE) > 20);
        stop.set(true);

        assertThat(Await.result(clients)).isGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aReplacedUdpRouteKeepsItsSocketAndItsSessions(int workers) throws Exception {
        UdpServer one = udp.named("one ");
        UdpServer two = udp.named("two ");
        StartedProxy proxy =
                udp.start(builder -> builder.workers(workers), Udp.route().to(one.hostPort()));
        InetSocketAddress address = proxy.address();
        UdpPeer old = udp.peer();
        old.send(address, "before").expect("one before");

        proxy.server().replace(Udp.route().to(two.hostPort()));

        assertThat(proxy.route().localAddress()).isEqualTo(address);
        old.send(address, "after").expect("one after");
        udp.peer().send(address, "new").expect("two new", address);
    }

    @Test
    void liveFlowsGoOnUnderTheOldSettings() throws Exception {
        TcpServer one = bed.server(TcpServer::echo);
        TcpServer two = bed.server(client -> {
            client.in().read();
            client.send("two");
        });
        StartedProxy proxy = bed.start(web().to(one.hostPort()));
        TcpPeer old = bed.connect(proxy).send("hello").expect("hello");

        proxy.server().replace(web().idleTimeout(Duration.ofMillis(50)).to(two.hostPort()));

        TcpPeer next = bed.connect(proxy).send("?").expect("two");
        TcpPeer idle = bed.connect(proxy);
        idle.expectReset();
        next.expectEnd();
        old.send("still").expect("still");
    }

    @Test
    void aReplacedRouteMayMoveToAnotherAddress() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(web().to(server.hostPort()));
        InetSocketAddress first = proxy.address();
        TcpPeer old = bed.connect(proxy).send("hello").expect("hello");
        InetSocketAddress free = FreeAddress.tcp();

        proxy.server()
                .replace(Route.tcp("web").listen("127.0.0.1", free.getPort()).to(server.hostPort()));

        assertThat(proxy.address()).isEqualTo(free);
        bed.connect(proxy).send("new").expect("new");
        old.send("old").expect("old");
        bed.own(new ServerSocket(first.getPort(), 1, first.getAddress()));
    }

    /** Free ports are asked for alike; each is a socket of its own, and each is kept. */
    @Test
    void aReplacedRouteKeepsEachOfItsFreePorts() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        TcpRoute route = web().listen("127.0.0.1", 0).to(server.hostPort());
        StartedProxy proxy = bed.start(route);
        List<InetSocketAddress> before = proxy.route().localAddresses();

        proxy.server().replace(route.toBuilder().maxConnections(9).to(route.upstreams()));

        assertThat(proxy.route().localAddresses()).isEqualTo(before);
        for (InetSocketAddress address : before) {
            bed.connect(address).send("hello").expect("hello");
        }
    }

    /** A setting can be changed without knowing which upstreams there are by now. */
    @Test
    void aReplacedRouteKeepsItsLiveUpstreamsUnlessItNamesThemAnew() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(web().to("127.0.0.1:9"));
        proxy.server().upstreams("web").update(List.of(Upstream.of(server.hostPort())));
        Route route = proxy.route().definition();

        proxy.server()
                .replace(route.toBuilder().idleTimeout(Duration.ofHours(1)).to(route.upstreams()));
        assertThat(proxy.route().definition().idleTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(proxy.upstream(0).upstream().id()).isEqualTo(server.hostPort());
        bed.connect(proxy).send("hello").expect("hello");

        proxy.server().replace(route.toBuilder().to("127.0.0.1:9"));
        assertThat(proxy.upstream(0).upstream().id()).isEqualTo("127.0.0.1:9");
    }

    /** Under one id there may be an upstream in each of two groups; a flow belongs to the one that it was made in. */
    @Test
    void aFlowLeavesWithTheUpstreamOfItsOwnGroupWhateverItsRouteDialsNow() throws Exception {
        Upstream shared = Upstream.of(bed.server(TcpServer::echo).hostPort()).id("shared");
        Upstream other = Upstream.of(bed.server(TcpServer::echo).hostPort()).id("other");
        Upstreams blue = Upstreams.of(List.of(shared)).named("blue");
        Upstreams green = Upstreams.of(List.of(shared)).named("green");
        StartedProxy proxy = bed.start(
                builder -> builder.workers(2),
                web().to(blue),
                Route.tcp("api").listen("127.0.0.1", 0).to(blue));
        TcpPeer old = bed.connect(proxy).send("hello").expect("hello");
        proxy.server().replace(web().to(green));
        TcpPeer next = bed.connect(proxy).send("hello").expect("hello");

        proxy.server().upstreams("green").update(List.of(other), Leaving.close());
        next.expectReset();
        old.send("still").expect("still");
        proxy.server().upstreams("blue").update(List.of(other), Leaving.close());
        old.expectReset();

        assertThat(proxy.log().awaitEnds(2)).extracting(FlowEnd::reason).containsOnly(CloseReason.UPSTREAM_REMOVED);
    }

    @Test
    void aReplaceThatFailsChangesNothing() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        TcpServer taken = bed.server();
        StartedProxy proxy = bed.start(web().to(server.hostPort()));
        InetSocketAddress address = proxy.address();
        Route before = proxy.route().definition();

        assertThatThrownBy(() -> proxy.server()
                        .replace(Route.tcp("web")
                                .listen("127.0.0.1", 0)
                                .listen("127.0.0.1", taken.address().getPort())
                                .to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.server().replace(Udp.route("web").to("127.0.0.1:9")));
        assertThatThrownBy(
                        () -> proxy.server().replace(Route.tcp("new").listen(0).to("127.0.0.1:9")))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("web");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.server().replace(web().to("127.0.0.1:" + address.getPort())));

        assertThat(proxy.route().definition()).isEqualTo(before);
        assertThat(proxy.route().localAddresses()).containsExactly(address);
        bed.connect(proxy).send("hello").expect("hello");
    }

    /** The route's upstreams stay the same, but one of them is where it would listen now. */
    @Test
    void aReplacedRouteMayNotListenWhereItDials() throws Exception {
        InetSocketAddress free = FreeAddress.tcp();
        TcpRoute route = web().to("127.0.0.1:" + free.getPort());
        StartedProxy proxy = bed.start(route);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.server()
                        .replace(route.toBuilder()
                                .listen("127.0.0.1", free.getPort())
                                .to(route.upstreams())));

        bed.own(new ServerSocket(free.getPort(), 1, free.getAddress()));
    }
}
