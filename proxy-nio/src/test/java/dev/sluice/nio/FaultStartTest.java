package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.FaultRule;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.TcpRoute;
import dev.sluice.fault.Fault;
import dev.sluice.fault.ListeningFault;
import dev.sluice.nio.testkit.Attempt;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults in a route's definition: at work before its first client, and for as long as the definition has them. */
class FaultStartTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private StartedProxy started(int workers, String upstream, FaultRule... rules) throws Exception {
        return bed.start(
                builder -> builder.workers(workers),
                web(FreeAddress.tcp(), upstream).toBuilder().faults(rules).to(upstream));
    }

    private static TcpRoute web(InetSocketAddress address, String upstream) {
        return Route.tcp("web").listen("127.0.0.1", address.getPort()).to(upstream);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRouteMayRefuseFromTheStart(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(workers, server.hostPort(), FaultRule.listening(Fault.refuse()));

        Attempt.expectRefused(proxy.address());
        proxy.route().faults().clear();

        bed.connect(proxy).send("hello").expect("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRouteMayBeUnresponsiveFromTheStart(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(workers, server.hostPort(), FaultRule.listening(Fault.unresponsive()));

        for (int i = 0; i < 3; i++) {
            Attempt.expectNoAnswer(proxy.address());
        }
        proxy.route().faults().clear();

        bed.connect(proxy).send("hello").expect("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRouteMayCloseOrResetItsFirstClients(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(
                workers,
                server.hostPort(),
                FaultRule.listening(Fault.acceptAndClose()).first(2),
                FaultRule.toClient(Fault.reset()).first(1));

        bed.connect(proxy).expectEnd();
        bed.connect(proxy).expectEnd();
        bed.connect(proxy).send("hello").expect("hello");

        assertThat(proxy.route().faults().running())
                .extracting(RunningFault::flows)
                .containsExactly(2L, 1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aRouteMayBeginToAcceptLater(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(workers, server.hostPort(), FaultRule.listening(Fault.pauseAccepting()));

        TcpPeer client = bed.connect(proxy).send("hello");
        proxy.awaitTurn();
        assertThat(proxy.metrics().opened()).isZero();
        proxy.route().faults().clear();

        client.expect("hello");
    }

    /** Clients knock all the while, before there is anything to knock at, too. */
    @ParameterizedTest
    @EnumSource
    void notEvenTheFirstClientEscapes(ListeningFault met) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        InetSocketAddress address = FreeAddress.tcp();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger tries = new AtomicInteger();
        Future<Void> clients = bed.fork(() -> {
            for (; !stop.get(); tries.incrementAndGet()) {
                knock(address);
            }
            return null;
        });
        Await.until("clients come", () -> tries.get() > 10);

        StartedProxy proxy = bed.start(
                builder -> builder.workers(3),
                web(address, server.hostPort()).toBuilder()
                        .faults(FaultRule.listening(met))
                        .to(server.hostPort()));
        int before = tries.get();
        Await.until("clients come", () -> tries.get() > before + 10);
        stop.set(true);
        Await.result(clients);
        proxy.awaitTurn();

        assertThat(proxy.metrics().bytesToUpstream()).isZero();
        assertThat(server.accepted()).isZero();
    }

    private static void knock(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 20);
            socket.getOutputStream().write('?');
        } catch (IOException notServed) {
            return;
        }
    }

    @Test
    void aFlowOfTheFirstClientIsUnderTheRulesFromItsStart() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(
                2, server.hostPort(), FaultRule.toUpstream(Fault.reset()).first(1));

        bed.own(Knock.at(proxy.address())).expectReset();

        bed.connect(proxy).send("hello").expect("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aUdpRouteMayRefuseOrPauseFromTheStart(int workers) throws Exception {
        UdpServer server = udp.echo();
        int port = FreeAddress.udp().getPort();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(workers),
                Route.udp("dns")
                        .listen("127.0.0.1", port)
                        .faults(FaultRule.listening(Fault.refuse()), FaultRule.listening(Fault.pauseAccepting()))
                        .to(server.hostPort()));
        UdpPeer client = udp.peer();

        UdpPeer.open(proxy.address()).close();
        client.send(proxy.address(), "refused");
        proxy.route().faults().running().get(0).close();
        client.send(proxy.address(), "waits");
        proxy.awaitTurn();
        assertThat(server.texts()).isEmpty();
        proxy.route().faults().clear();

        client.expect("waits", proxy.address());
    }

    @Test
    void itsTimeBeginsWithTheServer() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        Duration time = Duration.ofMillis(150);
        long begun = System.nanoTime();
        StartedProxy proxy = started(
                2,
                server.hostPort(),
                FaultRule.listening(Fault.refuse()).during(time),
                FaultRule.listening(Fault.acceptAndClose()).during(time));

        Attempt.expectRefused(proxy.address());
        Await.until("its time is over", () -> proxy.route().faults().running().isEmpty());

        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(time.toNanos());
        bed.connect(proxy).send("hello").expect("hello");
    }

    @Test
    void aRouteThatIsAddedBeginsUnderItsFaults() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, server.hostPort());
        InetSocketAddress address = FreeAddress.tcp();

        proxy.server()
                .add(Route.tcp("api")
                        .listen("127.0.0.1", address.getPort())
                        .faults(FaultRule.listening(Fault.refuse()))
                        .to(server.hostPort()));

        Attempt.expectRefused(address);
        bed.connect(proxy).send("hello").expect("hello");
        proxy.server().route("api").faults().clear();
        bed.connect(address).send("hello").expect("hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void rulesThatAReplacedRouteKeepsStayAndOthersEndOrBegin(int workers) throws Exception {
        TcpServer server = bed.server();
        FaultRule kept = FaultRule.toClient(Fault.stall()).liveFlows();
        FaultRule ended = FaultRule.listening(Fault.acceptAndClose());
        FaultRule begun = FaultRule.listening(Fault.acceptAndReset());
        StartedProxy proxy = started(workers, server.hostPort());
        Testbed.Pair pair = bed.pair(proxy, server);
        TcpRoute route = (TcpRoute) proxy.route().definition();
        proxy.server().replace(route.toBuilder().faults(kept, ended).to(route.upstreams()));
        pair.upstream().send("held");
        bed.connect(proxy).expectEnd();
        List<RunningFault> before = proxy.route().faults().running();
        RunningFault applied = proxy.route().faults().toUpstream(Fault.slice(1));

        proxy.server().replace(route.toBuilder().faults(kept, begun).to(route.upstreams()));

        assertThat(before).extracting(RunningFault::rule).containsExactly(kept, ended);
        assertThat(before).extracting(RunningFault::isRunning).containsExactly(true, false);
        assertThat(proxy.route().faults().running())
                .hasSize(3)
                .startsWith(before.get(0), applied)
                .last()
                .extracting(RunningFault::rule)
                .isEqualTo(begun);
        bed.own(Knock.at(proxy.address())).expectReset();
        proxy.awaitTurn();
        assertThat(pair.client().in().available()).isZero();
        before.get(0).close();
        pair.client().expect("held");
    }

    @Test
    void aReplacedRouteMayBeginAndCeaseToPause() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, server.hostPort());
        TcpRoute route = (TcpRoute) proxy.route().definition();

        proxy.server()
                .replace(route.toBuilder()
                        .faults(FaultRule.listening(Fault.pauseAccepting()))
                        .to(route.upstreams()));
        TcpPeer client = bed.connect(proxy).send("hello");
        proxy.awaitTurn();
        assertThat(proxy.metrics().opened()).isZero();
        proxy.server().replace(route);

        client.expect("hello");
    }

    @Test
    void aRuleThatDoesNotFitIsRefusedWhereItIsWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.tcp("web").faults(FaultRule.toClient(Fault.loss(0.1))))
                .withMessageContaining("\"web\"")
                .withMessageContaining(Fault.loss(0.1).toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.udp("dns").faults(FaultRule.listening(Fault.unresponsive())))
                .withMessageContaining("\"dns\"")
                .withMessageContaining("UNRESPONSIVE");
    }
}
