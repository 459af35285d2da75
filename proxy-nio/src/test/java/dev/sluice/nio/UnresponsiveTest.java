package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.Upstreams;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Attempt;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A route that does not answer who connects: a full backlog does so on Linux. */
@EnabledOnOs(OS.LINUX)
class UnresponsiveTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void clientsTimeOutAndLiveConnectionsGoOn(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        InetSocketAddress address = proxy.address();
        TcpPeer live = bed.connect(proxy).send("in").expect("in");

        RunningFault fault = proxy.route().faults().listening(Fault.unresponsive());
        for (int i = 0; i < 3; i++) {
            Attempt.expectNoAnswer(address);
        }
        live.send("still").expect("still");
        fault.close();

        assertThat(proxy.address()).isEqualTo(address);
        for (int i = 0; i < 4; i++) {
            bed.connect(address).send("new").expect("new");
        }
        live.send("on").expect("on");
        assertThat(server.accepted()).isEqualTo(5);
    }

    /** The client's kernel asks again after a second. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whoIsStillConnectingWhenItIsOverGetsThrough(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());

        RunningFault fault = proxy.route().faults().listening(Fault.unresponsive());
        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            attempts.add(bed.own(Attempt.at(proxy.address())));
        }
        for (Attempt attempt : attempts) {
            assertThat(attempt.isAnswered()).isFalse();
        }
        fault.close();

        for (Attempt attempt : attempts) {
            attempt.connected().send("at last").expect("at last");
        }
    }

    /**
     * The worker is held up while the backlog that is to be filled listens beside the route's own: the kernel spreads
     * clients over both.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoSatInTheBacklogIsServedWhenItIsOver(boolean isPausedThen) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        int port = FreeAddress.tcp().getPort();
        AtomicInteger asked = new AtomicInteger();
        StartedProxy proxy = bed.start(
                builder -> builder.workers(1),
                Route.tcp("web")
                        .listen("127.0.0.1", port)
                        .to(Upstreams.of(server.hostPort()).select((candidates, flow) -> {
                            if (asked.getAndIncrement() == 0) {
                                entered.countDown();
                                Await.opened(go);
                            }
                            return 0;
                        })));
        List<Attempt> clients = new ArrayList<>();
        clients.add(bed.own(Attempt.at(proxy.address())));
        Await.opened(entered);
        int sockets = OpenSockets.count();

        Future<RunningFault> fault = bed.fork(() -> proxy.route().faults().listening(Fault.unresponsive()));
        Await.until("the other backlog listens", () -> OpenSockets.count() == sockets + 1);
        for (int i = 0; i < 16; i++) {
            clients.add(bed.own(Attempt.at(proxy.address())));
        }
        go.countDown();
        Await.result(fault);
        Attempt.expectNoAnswer(proxy.address());
        assertThat(server.accepted()).as("clients served before").isLessThan(17);
        if (isPausedThen) {
            proxy.route().pause();
            long before = proxy.metrics().opened();
            Await.result(fault).close();
            proxy.awaitTurn();
            assertThat(proxy.metrics().opened()).isEqualTo(before);
            proxy.route().resume();
        } else {
            Await.result(fault).close();
        }

        for (Attempt client : clients) {
            client.connected().send("at last").expect("at last");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "::1"})
    void anyAddressCanBeUnresponsive(String host) throws Exception {
        boolean isIpv6 = host.contains(":");
        assumeThat(!isIpv6 || Family.IPV6.isAvailable()).as("IPv6").isTrue();
        TcpServer server = bed.server(TcpServer::echo);
        int port = FreeAddress.tcp().getPort();
        StartedProxy proxy = bed.start(
                builder -> builder.workers(2),
                Route.tcp("web").listen(host, port).to(server.hostPort()));
        InetSocketAddress bound = proxy.address();
        InetSocketAddress address = (isIpv6 ? Family.IPV6 : Family.IPV4).socketAddress(port);
        TcpPeer live = bed.connect(address).send("in").expect("in");

        RunningFault fault = proxy.route().faults().listening(Fault.unresponsive());
        for (int i = 0; i < 3; i++) {
            Attempt.expectNoAnswer(address);
            if (host.equals("::")) {
                Attempt.expectNoAnswer(Family.IPV4.socketAddress(port));
            }
        }
        live.send("still").expect("still");
        fault.close();

        assertThat(proxy.address()).isEqualTo(bound);
        bed.connect(address).send("new").expect("new");
    }

    @Test
    void eachAddressOfARouteIsUnresponsive() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(Route.tcp("web")
                .listen("127.0.0.1", FreeAddress.tcp().getPort())
                .listen("127.0.0.2", FreeAddress.tcp().getPort())
                .to(server.hostPort()));
        List<InetSocketAddress> addresses = proxy.route().localAddresses();

        RunningFault fault = proxy.route().faults().listening(Fault.unresponsive());
        addresses.forEach(Attempt::expectNoAnswer);
        fault.close();

        assertThat(proxy.route().localAddresses()).isEqualTo(addresses);
        for (InetSocketAddress address : addresses) {
            bed.connect(address).send("new").expect("new");
        }
    }

    @Test
    void itComesAndGoesAgainAndAgainAndLeavesNoSocket() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        bed.connect(proxy).send("in").expect("in");
        long sockets = Await.standstill(OpenSockets::count);

        for (int i = 0; i < 10; i++) {
            RunningFault fault = proxy.route().faults().listening(Fault.unresponsive());
            Attempt.expectNoAnswer(proxy.address());
            fault.close();
        }

        Await.until("its sockets are closed", () -> OpenSockets.count() <= sockets);
        bed.connect(proxy).send("new").expect("new");
    }

    @Test
    void aRouteThatRefusesToo() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        RunningFault unresponsive = proxy.route().faults().listening(Fault.unresponsive());

        RunningFault refusing = proxy.route().faults().listening(Fault.refuse());
        Attempt.expectRefused(proxy.address());
        refusing.close();
        Attempt.expectNoAnswer(proxy.address());
        unresponsive.close();

        bed.connect(proxy).send("new").expect("new");
    }

    private enum Ending {
        CLOSE,
        REMOVE
    }

    @ParameterizedTest
    @EnumSource
    void theEndOfTheRouteFreesThePort(Ending ending) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        long sockets = Await.standstill(OpenSockets::count);
        InetSocketAddress address = proxy.address();
        RunningFault fault = proxy.route().faults().listening(Fault.unresponsive());
        Attempt.expectNoAnswer(address);

        switch (ending) {
            case CLOSE -> proxy.server().close();
            case REMOVE -> proxy.server().remove("web", Leaving.close());
        }

        Attempt.expectRefused(address);
        fault.close();
        Attempt.expectRefused(address);
        Await.until("its listeners are closed, and the backlog", () -> OpenSockets.count() <= sockets - 2);
    }
}
