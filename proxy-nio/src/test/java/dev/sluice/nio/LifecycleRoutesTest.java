package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.TcpRoute;
import dev.sluice.Upstreams;
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
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that come, change and go while the server runs. */
class LifecycleRoutesTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private static TcpRoute.Builder web() {
        return Route.tcp("web").listen("127.0.0.1", 0);
    }

    @Test
    void anAddedRouteListensWhenItIsReturned() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = udp.start(builder -> builder.workers(2), web().to(server.hostPort()));

        RunningRoute api =
                proxy.server().add(Route.tcp("api").listen("127.0.0.1", 0).to(server.hostPort()));
        RunningRoute dns = proxy.server().add(Udp.route().to(udp.echo().hostPort()));

        bed.connect(api.localAddress()).send("hello").expect("hello");
        udp.peer().exchange(dns.localAddress(), "hello");
        assertThat(proxy.server().routes()).extracting(RunningRoute::name).containsExactly("web", "api", "dns");
    }

    @Test
    void anAddThatFailsChangesNothing() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(web().to(server.hostPort()));
        int port = proxy.route().port();

        assertThatIllegalArgumentException().isThrownBy(() -> proxy.server().add(web().to("127.0.0.1:9")));
        assertThatThrownBy(() -> proxy.server()
                        .add(Route.tcp("copy").listen("127.0.0.1", port).to("127.0.0.1:9")))
                .isInstanceOf(UncheckedIOException.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.server()
                        .add(Route.tcp("loop").listen("127.0.0.1", 0).to("127.0.0.1:" + port)))
                .withMessageContaining("\"web\"");

        assertThat(proxy.server().routes()).extracting(RunningRoute::name).containsExactly("web");
        assertThatThrownBy(() -> proxy.server().upstreams("copy")).isInstanceOf(NoSuchElementException.class);
        bed.connect(proxy).send("hello").expect("hello");
    }

    /** What an added route listens on may be what an older one dials. */
    @Test
    void anAddedRouteMayNotListenWhereAnotherDials() throws Exception {
        InetSocketAddress free = FreeAddress.tcp();
        StartedProxy proxy = bed.start(web().to("127.0.0.1:" + free.getPort()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.server()
                        .add(Route.tcp("loop")
                                .listen("127.0.0.1", free.getPort())
                                .to("127.0.0.1:9")));

        bed.own(new ServerSocket(free.getPort(), 1, free.getAddress()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRemovedRoutesPortIsFreeWhenItReturns(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(builder -> builder.workers(workers), web().to(server.hostPort()));
        InetSocketAddress address = proxy.address();
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        proxy.server().remove("web", Leaving.keep());

        bed.own(new ServerSocket(address.getPort(), 1, address.getAddress()));
        client.send("still").expect("still").endStream().expectEnd();
        assertThat(proxy.server().routes()).isEmpty();
        assertThatThrownBy(() -> proxy.server().route("web")).isInstanceOf(NoSuchElementException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aUdpRouteRemovedWithItsSessionsFreesItsPort(int workers) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(builder -> builder.workers(workers), Udp.route().to(server.hostPort()));
        InetSocketAddress address = proxy.address();
        for (int i = 0; i < 50; i++) {
            udp.peer().exchange(address, "hello");
        }

        proxy.server().remove("dns", Leaving.close());

        bed.own(UdpPeer.open(address));
        assertThat(proxy.log().awaitEnds(50)).extracting(FlowEnd::reason).containsOnly(CloseReason.ROUTE_REMOVED);
    }

    @Test
    void aRemovedRoutesFlowsAreTreatedAsTold() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                Route.tcp("keep").listen("127.0.0.1", 0).to(server.hostPort()),
                Route.tcp("close").listen("127.0.0.1", 0).to(server.hostPort()),
                Route.tcp("drain").listen("127.0.0.1", 0).to(server.hostPort()));
        RunningRoute drained = proxy.server().route("drain");
        TcpPeer keep = connect(proxy, "keep");
        TcpPeer close = connect(proxy, "close");
        TcpPeer late = connect(proxy, "drain");
        TcpPeer early = connect(proxy, "drain");

        proxy.server().remove("keep", Leaving.keep());
        proxy.server().remove("close", Leaving.close());
        proxy.server().remove("drain", Leaving.drain(Duration.ofMillis(500)));

        close.expectReset();
        early.send("in time").expect("in time").endStream().expectEnd();
        late.expectReset();
        keep.send("still").expect("still");
        assertThat(drained.metrics().ended(CloseReason.ROUTE_REMOVED)).isEqualTo(1);
        assertThat(drained.metrics().ended(CloseReason.DONE)).isEqualTo(1);
    }

    private TcpPeer connect(StartedProxy proxy, String route) throws Exception {
        return bed.connect(proxy.server().route(route).localAddress())
                .send("hi")
                .expect("hi");
    }

    @Test
    void aNameIsFreeAgainAfterARemoval() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        Upstreams group = Upstreams.of(server.hostPort()).named("backend");
        StartedProxy proxy = bed.start(
                web().to(group), Route.tcp("api").listen("127.0.0.1", 0).to(group));
        RunningRoute removed = proxy.route();
        bed.connect(proxy).send("one").expect("one");

        proxy.server().remove("web", Leaving.close());
        RunningRoute again = proxy.server().add(web().to(group));

        assertThat(again.metrics().opened()).isZero();
        assertThat(removed.metrics().opened()).isEqualTo(1);
        bed.connect(again.localAddress()).send("two").expect("two");
        assertThat(proxy.server().upstreams("backend").list().get(0).opened())
                .as("the group outlives its routes one by one")
                .isEqualTo(2);
    }

    @Test
    void twoServersKnowNothingOfEachOther() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy one = bed.start(web().to(server.hostPort()));
        StartedProxy two = bed.start(web().to(server.hostPort()));
        TcpPeer client = bed.connect(two).send("two").expect("two");
        try (Socket direct =
                new Socket(one.address().getAddress(), one.address().getPort())) {
            direct.shutdownOutput();
            assertThat(direct.getInputStream().read()).isEqualTo(-1);
        }

        one.server().upstreams("web").update(List.of());
        one.server().close();

        client.send("still").expect("still");
        assertThat(two.server().metrics().opened()).isEqualTo(1);
        assertThat(two.server().upstreams("web").list()).hasSize(1);
        assertThat(two.log().ended()).isEmpty();
    }

    @Test
    void whatBecomesOfTheFlowsMustBeSaidBeforeAnythingChanges() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(web().to(server.hostPort()));
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        assertThatNullPointerException().isThrownBy(() -> proxy.server().remove("web", null));
        assertThatNullPointerException()
                .isThrownBy(() -> proxy.server().upstreams("web").update(List.of(), null));

        client.send("still").expect("still");
        bed.connect(proxy).send("new").expect("new");
        assertThat(proxy.server().routes()).extracting(RunningRoute::name).containsExactly("web");
        assertThat(proxy.server().upstreams("web").list()).hasSize(1);
    }
}
