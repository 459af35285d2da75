package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Leaving;
import dev.sluice.LiveUpstreams;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.Shutdown;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.LiveThreads;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing: from anywhere, any number of times, and nothing is left. */
class LifecycleCloseTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void theSamePortsBindAtOnceAndNoThreadIsLeft(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        String upstream = server.hostPort();
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(upstream),
                Udp.route().to(udp.echo().hostPort()));
        int port = proxy.route().port();
        int datagrams = proxy.server().route("dns").port();
        for (int i = 0; i < 20; i++) {
            bed.connect(proxy).send("open").expect("open");
            udp.peer().exchange(proxy.server().route("dns").localAddress(), "open");
        }

        proxy.server().close();

        assertThat(LiveThreads.named(proxy.name() + "-")).isEmpty();
        StartedProxy next = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", port).to(upstream),
                Route.udp("dns").listen("127.0.0.1", datagrams).to("127.0.0.1:9"));
        bed.connect(next).send("hello").expect("hello");
    }

    @Test
    void allFlowsAreResetAndPutDownToTheShutdown() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer client = bed.connect(proxy).send("hello");
        TcpPeer upstream = server.accept().expect("hello");

        proxy.server().close();

        client.expectReset();
        upstream.expectReset();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.SHUTDOWN);
    }

    @Test
    void closingAgainDoesNothingMore() throws Exception {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));
        int port = proxy.route().port();

        proxy.server().close();
        StartedProxy heir = bed.start(Route.tcp("web").listen("127.0.0.1", port).to("127.0.0.1:9"));
        proxy.server().close();

        assertThat(heir.route().port()).isEqualTo(port);
        bed.own(Knock.at(heir.address()));
    }

    @RepeatedTest(5)
    void manyThreadsMayCloseAtOnceAndEachReturnsWhenItIsDone() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                builder -> builder.workers(2),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        for (int i = 0; i < 10; i++) {
            bed.connect(proxy).send("open").expect("open");
        }
        CountDownLatch together = new CountDownLatch(1);
        List<Future<List<String>>> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closers.add(bed.fork(() -> {
                together.await();
                proxy.server().close();
                return LiveThreads.named(proxy.name() + "-");
            }));
        }

        together.countDown();

        for (Future<List<String>> closer : closers) {
            assertThat(Await.result(closer)).as("threads left").isEmpty();
        }
    }

    @Test
    void awaitTerminationReturnsWhenTheServerIsClosedByWhomever() throws Exception {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));
        Future<List<String>> waiting = bed.fork(() -> {
            proxy.server().awaitTermination();
            return LiveThreads.workersOf(proxy);
        });

        proxy.server().close();

        assertThat(Await.result(waiting)).isEmpty();
        proxy.server().awaitTermination();
    }

    @Test
    void whatAClosedServerTellsStaysReadableAndChangingItThrows() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        ProxyServer closed = proxy.server();
        RunningRoute route = proxy.route();
        LiveUpstreams upstreams = closed.upstreams("web");
        bed.connect(proxy).send("hello").expect("hello");
        InetSocketAddress address = route.localAddress();

        closed.close();

        assertThat(closed.metrics().opened()).isEqualTo(1);
        assertThat(closed.metrics().active()).isZero();
        assertThat(closed.route("web").metrics().bytesToUpstream()).isEqualTo(5);
        assertThat(route.localAddress()).isEqualTo(address);
        assertThat(route.flows()).isEmpty();
        assertThat(upstreams.list())
                .singleElement()
                .extracting(each -> each.opened())
                .isEqualTo(1L);
        assertThat(closed.shutdown(Duration.ofSeconds(1)))
                .as("as it was closed, with a live flow")
                .isEqualTo(Shutdown.FORCED);
        Route next = Route.tcp("next").listen("127.0.0.1", 0).to("127.0.0.1:9");
        assertThatIllegalStateException().isThrownBy(() -> closed.add(next));
        assertThatIllegalStateException().isThrownBy(() -> closed.replace(route.definition()));
        assertThatIllegalStateException().isThrownBy(() -> closed.remove("web", Leaving.keep()));
        assertThatIllegalStateException().isThrownBy(() -> upstreams.update(List.of()));
    }

    @Test
    void aThreadInterruptedWhileItClosesGoesOnAndKeepsItsFlag() throws Exception {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));

        Future<Boolean> flag = bed.fork(() -> {
            Thread.currentThread().interrupt();
            proxy.server().close();
            return Thread.interrupted();
        });

        assertThat(Await.result(flag)).isTrue();
        assertThat(LiveThreads.workersOf(proxy)).isEmpty();
    }

    @Test
    void aDialUnderWayIsGivenUp() throws Exception {
        HeldResolver resolver = new HeldResolver().holds("slow.example");
        StartedProxy proxy = bed.start(
                builder -> builder.resolver(resolver),
                Route.tcp("web").listen("127.0.0.1", 0).to("slow.example:80"),
                Udp.route().to("slow.example:53"));
        TcpPeer client = bed.connect(proxy);
        UdpPeer sender = udp.peer().send(proxy.server().route("dns").localAddress(), "waits");
        Await.until("both are dialling", () -> proxy.server().metrics().active() == 2);
        Await.until("its name is looked up", () -> resolver.asked("slow.example") == 1);

        proxy.server().close();

        client.expectReset();
        assertThat(sender.isClosed()).isFalse();
        assertThat(proxy.log().awaitEnds(2)).extracting(FlowEnd::reason).containsOnly(CloseReason.SHUTDOWN);
    }

    @Test
    void anUnknownNameIsAnsweredWithThoseThereAre() {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));

        assertThatThrownBy(() -> proxy.server().route("wbe"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("wbe")
                .hasMessageContaining("web");
        assertThatThrownBy(() -> proxy.server().upstreams("wbe"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("web");
    }
}
