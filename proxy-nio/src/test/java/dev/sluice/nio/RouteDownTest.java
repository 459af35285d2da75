package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.CloseReason;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.Shutdown;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Attempt;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.OpenSockets;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A route that goes down as a server would, and comes up again. */
class RouteDownTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private StartedProxy startedUdp(int workers, String host, String upstream) throws Exception {
        int port = FreeAddress.udp().getPort();
        return udp.start(
                builder -> builder.workers(workers),
                Route.udp("dns").listen(host, port).to(upstream));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void itsFlowsAreResetBeforeItReturns(int workers) throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        List<Testbed.Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pairs.add(bed.pair(proxy, server));
        }

        proxy.route().down();

        assertThat(proxy.metrics().active()).isZero();
        assertThat(proxy.metrics().ended(CloseReason.CLOSED_BY_USER)).isEqualTo(6);
        for (Testbed.Pair pair : pairs) {
            pair.client().expectReset();
            pair.upstream().expectReset();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anotherMayListenThereMeanwhile(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        InetSocketAddress address = proxy.address();
        bed.connect(proxy).send("in").expect("in");

        proxy.route().down();

        Attempt.expectRefused(address);
        try (ServerSocket other = new ServerSocket()) {
            other.bind(address);
            bed.own(Attempt.at(address)).connected();
        }
        Attempt.expectRefused(address);
        assertThat(proxy.address()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void itComesUpOnTheSamePorts(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web")
                        .listen("127.0.0.1", FreeAddress.tcp().getPort())
                        .listen("127.0.0.2", FreeAddress.tcp().getPort())
                        .to(server.hostPort()));
        RunningRoute route = proxy.route();
        List<InetSocketAddress> addresses = route.localAddresses();

        for (int i = 0; i < 3; i++) {
            route.down();
            addresses.forEach(Attempt::expectRefused);
            route.up();
            assertThat(route.localAddresses()).isEqualTo(addresses);
            for (InetSocketAddress address : addresses) {
                bed.connect(address).send("new").expect("new");
            }
        }
    }

    @Test
    void downTwiceIsDownAndUpTwiceIsUp() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        RunningRoute route = proxy.route();

        route.up();
        TcpPeer live = bed.connect(proxy).send("in").expect("in");
        route.up();
        live.send("still").expect("still");
        route.down();
        route.down();
        Attempt.expectRefused(proxy.address());
        route.up();
        route.up();

        bed.connect(proxy).send("new").expect("new");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aPortThatIsTakenMeanwhileKeepsItDownUntilItIsFree(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web")
                        .listen("127.0.0.1", FreeAddress.tcp().getPort())
                        .listen("127.0.0.2", FreeAddress.tcp().getPort())
                        .to(server.hostPort()));
        RunningRoute route = proxy.route();
        List<InetSocketAddress> addresses = route.localAddresses();
        InetSocketAddress taken = addresses.get(1);
        route.down();

        try (ServerSocket other = new ServerSocket()) {
            other.bind(taken);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(route::up)
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageContaining("route \"web\"")
                        .hasMessageContaining("127.0.0.2:" + taken.getPort())
                        .hasMessageContaining("stop what listens there");
            }
        }
        route.pause();
        route.resume();
        addresses.forEach(Attempt::expectRefused);
        route.up();

        assertThat(route.localAddresses()).isEqualTo(addresses);
        for (InetSocketAddress address : addresses) {
            bed.connect(address).send("new").expect("new");
        }
    }

    @Test
    void whichOtherRouteHasTheirPortIsSaid() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        RunningRoute route = proxy.route();
        route.down();

        proxy.server().add(Route.tcp("api").listen("127.0.0.1", route.port()).to(server.hostPort()));

        assertThatThrownBy(route::up)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("in use by route \"api\" of this server");
        bed.connect(proxy).send("api").expect("api");
    }

    private enum Ending {
        CLOSE,
        REMOVE,
        SHUTDOWN
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftOfOneThatEndsWhileItIsDown(Ending ending) throws Exception {
        assumeTrue(OpenSockets.areListed());
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        long sockets = Await.standstill(OpenSockets::count);
        InetSocketAddress address = proxy.address();
        RunningRoute route = proxy.route();
        try (TcpPeer client = TcpPeer.connect(address)) {
            client.send("in").expect("in");
            route.down();
        }

        switch (ending) {
            case CLOSE -> proxy.server().close();
            case REMOVE -> proxy.server().remove("web", Leaving.close());
            case SHUTDOWN ->
                assertThat(proxy.server().shutdown(Duration.ofSeconds(10))).isEqualTo(Shutdown.DRAINED);
        }

        assertThatIllegalStateException().isThrownBy(route::up);
        assertThatIllegalStateException().isThrownBy(route::down);
        bed.own(new ServerSocket(address.getPort(), 1, address.getAddress())).close();
        Await.until("its listeners are closed, and all that came later", () -> OpenSockets.count() <= sockets - 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aUdpRouteGoesDownAndComesUp(int workers) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = startedUdp(workers, "127.0.0.1", server.hostPort());
        InetSocketAddress address = proxy.address();
        UdpPeer client = udp.peer().exchange(address, "before");

        proxy.route().down();
        assertThat(proxy.metrics().active()).isZero();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
        UdpPeer.open(address).close();
        client.send(address, "lost");
        proxy.route().up();

        assertThat(proxy.address()).isEqualTo(address);
        client.exchange(address, "after");
        assertThat(server.texts()).containsExactly("before", "after");
    }

    @Test
    void aUdpWildcardComesUpOnEachAddress() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = startedUdp(2, "0.0.0.0", server.hostPort());
        List<InetSocketAddress> addresses = proxy.route().localAddresses();

        proxy.route().down();
        proxy.route().up();

        assertThat(proxy.route().localAddresses()).isEqualTo(addresses);
        udp.peer().exchange(new InetSocketAddress("127.0.0.1", proxy.route().port()), "after");
    }

    /** Sessions that begin while those before them are ended would keep the port. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aUdpRouteGoesDownWhateverComesMeanwhile(int workers) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = startedUdp(workers, "127.0.0.1", server.hostPort());
        InetSocketAddress address = proxy.address();
        AtomicBoolean stop = new AtomicBoolean();
        Future<Void> clients = bed.fork(() -> {
            while (!stop.get()) {
                try (UdpPeer client = UdpPeer.open(new InetSocketAddress("127.0.0.1", 0))) {
                    client.send(address, "hello");
                }
            }
            return null;
        });

        for (int i = 0; i < 10; i++) {
            long before = proxy.metrics().opened();
            Await.until("sessions begin", () -> proxy.metrics().opened() > before);
            Future<Void> down = bed.fork(() -> {
                proxy.route().down();
                return null;
            });
            Await.result(down);
            assertThat(proxy.metrics().active()).isZero();
            proxy.route().up();
        }
        stop.set(true);
        Await.result(clients);
        proxy.route().down();
    }

    @Test
    void whileItIsDownItIsNotReplaced() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        Route before = proxy.route().definition();
        proxy.route().down();

        assertThatIllegalStateException()
                .isThrownBy(() -> proxy.server()
                        .replace(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort())))
                .withMessageContaining("\"web\" is down")
                .withMessageContaining("replace it when that is over");

        assertThat(proxy.route().definition()).isEqualTo(before);
        proxy.route().up();
        proxy.server()
                .replace(before.toBuilder().idleTimeout(Duration.ofHours(1)).to(before.upstreams()));
        bed.connect(proxy).send("new").expect("new");
    }

    @Test
    void itComesUpUnderTheFaultsThatItWentDownWith() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        proxy.route().faults().listening(Fault.pauseAccepting());
        proxy.route().down();
        proxy.route().pause();

        proxy.route().up();
        TcpPeer client = bed.connect(proxy).send("hello");
        proxy.route().faults().clear();
        proxy.awaitTurn();
        assertThat(proxy.metrics().opened()).isZero();
        proxy.route().resume();

        client.expect("hello");
    }
}
