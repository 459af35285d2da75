package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.FaultRule;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.RunningFault;
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
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients meet when they connect, while those who are there already go on. */
class ListeningFaultsTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private StartedProxy startedUdp(int workers, String upstream) throws Exception {
        int port = FreeAddress.udp().getPort();
        return udp.start(
                builder -> builder.workers(workers),
                Route.udp("dns").listen("127.0.0.1", port).to(upstream));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void clientsAreRefusedAndLiveConnectionsGoOn(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        InetSocketAddress address = proxy.address();
        TcpPeer live = bed.connect(proxy).send("in").expect("in");

        RunningFault fault = proxy.route().faults().listening(Fault.refuse());
        for (int i = 0; i < 4; i++) {
            Attempt.expectRefused(address);
        }
        live.send("still").expect("still");
        fault.close();

        assertThat(proxy.address()).isEqualTo(address);
        for (int i = 0; i < 4; i++) {
            bed.connect(address).send("new").expect("new");
        }
        live.send("on").expect("on");
    }

    @Test
    void aPortThatIsTakenWhileItRefusesKeepsTheFaultUntilItIsFree() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        InetSocketAddress address = proxy.address();
        RunningFault fault = proxy.route().faults().listening(Fault.refuse());

        try (ServerSocket other = new ServerSocket()) {
            other.bind(address);
            assertThatThrownBy(fault::close)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("\"web\"")
                    .hasMessageContaining("127.0.0.1:" + address.getPort())
                    .hasMessageContaining("stop what listens there");
        }
        assertThat(fault.isRunning()).isTrue();
        Attempt.expectRefused(address);
        fault.close();

        assertThat(fault.isRunning()).isFalse();
        bed.connect(address).send("new").expect("new");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void clientsAreConnectedAndClosed(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        TcpPeer live = bed.connect(proxy).send("in").expect("in");

        RunningFault fault = proxy.route().faults().listening(Fault.acceptAndClose());
        for (int i = 0; i < 4; i++) {
            bed.connect(proxy).expectEnd().close();
        }
        fault.close();

        live.send("still").expect("still");
        assertNoneDialled(proxy, 4);
        assertThat(server.accepted()).isEqualTo(1);
        bed.connect(proxy).send("new").expect("new");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void clientsAreConnectedAndReset(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        TcpPeer live = bed.connect(proxy).send("in").expect("in");

        RunningFault fault = proxy.route().faults().listening(Fault.acceptAndReset());
        for (int i = 0; i < 4; i++) {
            bed.own(Knock.at(proxy.address())).expectReset();
        }
        fault.close();

        live.send("still").expect("still");
        assertNoneDialled(proxy, 4);
        assertThat(server.accepted()).isEqualTo(1);
        bed.connect(proxy).send("new").expect("new");
    }

    private static void assertNoneDialled(StartedProxy proxy, int count) {
        assertThat(proxy.log().awaitEnds(count)).hasSize(count).allSatisfy(end -> {
            assertThat(end.reason()).isEqualTo(CloseReason.FAULT);
            assertThat(end.attempts()).isZero();
            assertThat(end.upstream()).isNull();
        });
        assertThat(proxy.metrics().ended(CloseReason.FAULT)).isEqualTo(count);
    }

    @ParameterizedTest
    @EnumSource(names = {"ACCEPT_AND_CLOSE", "ACCEPT_AND_RESET"})
    void theFirstAloneMayMeetIt(ListeningFault met) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(3, server.hostPort());

        RunningFault fault =
                proxy.route().faults().apply(FaultRule.listening(met).first(2));

        meets(proxy, met);
        meets(proxy, met);
        bed.connect(proxy).send("third").expect("third");
        assertThat(fault.flows()).isEqualTo(2);
    }

    private void meets(StartedProxy proxy, ListeningFault met) throws Exception {
        if (met == ListeningFault.ACCEPT_AND_CLOSE) {
            bed.connect(proxy).expectEnd();
        } else {
            bed.own(Knock.at(proxy.address())).expectReset();
        }
    }

    @Test
    void thoseMayMeetItWhomATestPicks() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(3, server.hostPort());
        proxy.route()
                .faults()
                .apply(FaultRule.listening(Fault.acceptAndClose())
                        .where(flow -> flow.info()
                                .client()
                                .getAddress()
                                .getHostAddress()
                                .equals("127.0.0.2")));

        for (int i = 0; i < 3; i++) {
            bed.own(TcpPeer.connectFrom("127.0.0.2", proxy.address())).expectEnd();
            bed.connect(proxy).send("hello").expect("hello");
        }
    }

    @Test
    void chanceMayPickWhoMeetsIt() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(3, server.hostPort());
        FaultRule rule = FaultRule.listening(Fault.acceptAndClose());

        RunningFault never = proxy.route().faults().apply(rule.probability(0));
        for (int i = 0; i < 5; i++) {
            bed.connect(proxy).send("hello").expect("hello");
        }
        RunningFault always = proxy.route().faults().apply(rule.probability(1));
        for (int i = 0; i < 5; i++) {
            bed.connect(proxy).expectEnd();
        }

        assertThat(never.flows()).isZero();
        assertThat(always.flows()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSE", "UNRESPONSIVE", "PAUSE_ACCEPTING"})
    void whatMeetsAllCannotPickSome(ListeningFault fault) {
        assertThatThrownBy(() -> FaultRule.listening(fault).first(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(fault.toString());
        assertThatThrownBy(() -> FaultRule.listening(fault).probability(0.5))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FaultRule.listening(fault).where(flow -> true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void clientsWaitInTheBacklogWhileAcceptingIsPaused(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(workers, server.hostPort());
        TcpPeer live = bed.connect(proxy).send("in").expect("in");

        RunningFault fault = proxy.route().faults().listening(Fault.pauseAccepting());
        TcpPeer one = bed.connect(proxy).send("one");
        TcpPeer two = bed.connect(proxy).send("two");
        live.send("still").expect("still");
        proxy.awaitTurn();
        assertThat(proxy.metrics().opened()).isEqualTo(1);
        fault.close();

        one.expect("one");
        two.expect("two");
    }

    /** The rate's wait ends meanwhile, and must not have them taken. */
    @Test
    void anAcceptRateDoesNotEndThePause() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy =
                bed.start(Route.tcp("web").listen("127.0.0.1", 0).acceptRate(20).to(server.hostPort()));
        for (int i = 0; proxy.metrics().acceptRateWaits() == 0; i++) {
            bed.own(Attempt.at(proxy.address()));
            proxy.awaitTurn();
            assertThat(i).as("connections before the rate is reached").isLessThan(1_000);
        }

        RunningFault fault = proxy.route().faults().listening(Fault.pauseAccepting());
        long opened = proxy.metrics().opened();
        TcpPeer late = bed.connect(proxy).send("late");
        Await.standstill(() -> proxy.metrics().opened());
        assertThat(proxy.metrics().opened()).isEqualTo(opened);
        fault.close();

        late.expect("late");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void udpSessionsEndAndThePortIsClosedWhileItRefuses(int workers) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = startedUdp(workers, server.hostPort());
        InetSocketAddress address = proxy.address();
        UdpPeer client = udp.peer().exchange(address, "before");

        RunningFault fault = proxy.route().faults().listening(Fault.refuse());
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.FAULT);
        UdpPeer.open(address).close();
        client.send(address, "lost");
        fault.close();

        assertThat(proxy.address()).isEqualTo(address);
        client.exchange(address, "after");
        assertThat(server.texts()).containsExactly("before", "after");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void datagramsWaitWhileAcceptingIsPaused(int workers) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = startedUdp(workers, server.hostPort());
        UdpPeer live = udp.peer().exchange(proxy.address(), "before");

        RunningFault fault = proxy.route().faults().listening(Fault.pauseAccepting());
        live.send(proxy.address(), "one").send(proxy.address(), "two");
        UdpPeer next = udp.peer().send(proxy.address(), "three");
        proxy.awaitTurn();
        assertThat(server.texts()).containsExactly("before");
        assertThat(proxy.metrics().opened()).isEqualTo(1);
        fault.close();

        live.expect("one", proxy.address()).expect("two", proxy.address());
        next.expect("three", proxy.address());
    }

    @Test
    void aFaultOfPortsThatIsOverGivesWayToTheOneBesideIt() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        RunningFault refusing = proxy.route().faults().listening(Fault.refuse());
        RunningFault pausing = proxy.route().faults().listening(Fault.pauseAccepting());

        Attempt.expectRefused(proxy.address());
        refusing.close();
        TcpPeer client = bed.connect(proxy).send("hello");
        proxy.awaitTurn();
        assertThat(proxy.metrics().opened()).isZero();
        pausing.close();

        client.expect("hello");
    }

    @Test
    void aFaultWithATimeEndsAsSoonAsItsPortIsFreeAgain() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        Duration time = Duration.ofMillis(150);
        long begun = System.nanoTime();
        RunningFault fault =
                proxy.route().faults().apply(FaultRule.listening(Fault.refuse()).during(time));

        try (ServerSocket thief = new ServerSocket()) {
            thief.bind(proxy.address());
            Await.until(
                    "its time is long over",
                    () -> System.nanoTime() - begun > time.multipliedBy(3).toNanos());
            assertThat(fault.isRunning()).isTrue();
        }

        Await.until("it is over", () -> !fault.isRunning());
        bed.connect(proxy).send("new").expect("new");
    }

    @Test
    void aFaultWithATimeEndsByItself() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.startApart(2, server.hostPort());
        Duration time = Duration.ofMillis(150);
        long begun = System.nanoTime();

        RunningFault fault =
                proxy.route().faults().apply(FaultRule.listening(Fault.refuse()).during(time));
        Attempt.expectRefused(proxy.address());
        Await.until("its time is over", () -> !fault.isRunning());

        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(time.toNanos());
        bed.connect(proxy).send("new").expect("new");
        assertThat(proxy.route().faults().running()).isEmpty();
        assertThat(proxy.log().ended()).extracting(FlowEnd::reason).isEmpty();
    }
}
