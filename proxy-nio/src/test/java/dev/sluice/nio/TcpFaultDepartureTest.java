package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FaultRule;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.DeafServer;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How connections under faults come to their end. */
class TcpFaultDepartureTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final FaultRule SLOW = FaultRule.bothWays(Fault.latency(Duration.ofMillis(10)));
    private static final long SEED = 24;
    private static final int LONG = 1_000_000;
    private static final int SMALL_BUFFER = 8 * 1024;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    private Testbed.Pair pair(FaultRule... rules) throws IOException {
        TcpServer server = bed.server();
        proxy = bed.start(Route.tcp("db").listen("127.0.0.1", 0).faults(rules).to(server.hostPort()));
        return bed.pair(proxy, server);
    }

    /** The client is slow to receive what the kernel has taken for it. */
    private Testbed.Pair pairWithSlowClient(Duration halfClosed, FaultRule... rules) throws IOException {
        TcpServer server = bed.server();
        proxy = bed.start(Route.tcp("db")
                .listen("127.0.0.1", 0)
                .halfClosedTimeout(halfClosed)
                .faults(rules)
                .to(server.hostPort()));
        return new Testbed.Pair(bed.own(TcpPeer.connect(proxy.address(), SMALL_BUFFER)), server.accept());
    }

    private void sendLong(TcpPeer upstream) throws IOException {
        Payload.send(upstream.out(), LONG, SEED);
        Await.until("all is written", () -> proxy.metrics().bytesToClient() == LONG);
    }

    private void awaitHeld() {
        Await.until("it is held", () -> proxy.server().metrics().bufferBytesHeld() > 0);
    }

    private void pass(Duration time) {
        long begun = System.nanoTime();
        Await.until("a time has passed", () -> System.nanoTime() - begun > time.toNanos());
    }

    @Test
    void anIdleFlowIsClosedInOrderByTheUser() throws Exception {
        Testbed.Pair pair = pair(SLOW);
        pair.client().send("hello");
        pair.upstream().expect("hello");

        proxy.route().closeFlows(flow -> true);

        pair.client().expectEnd();
        pair.upstream().expectEnd();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
    }

    @Test
    void aResetOfAnIdleFlowIsPassedOn() throws Exception {
        Testbed.Pair pair = pair(SLOW);
        pair.client().send("hello");
        pair.upstream().expect("hello");

        pair.client().reset();

        pair.upstream().expectReset();
    }

    @Test
    void aLimitThatIsForBothWaysEndsBoth() throws Exception {
        Testbed.Pair pair = pair(FaultRule.bothWays(Fault.limit(5)));

        pair.upstream().send("12345");

        pair.client().expect("12345").expectEnd();
        pair.upstream().expectEnd();
    }

    @Test
    void aResetThatAStallHasHeldIsPassedOnWhenThatIsUndone() throws Exception {
        Testbed.Pair pair = pair();
        RunningFault stall = proxy.route().faults().toUpstream(Fault.stall());
        pair.client().send("hello");
        awaitHeld();
        pair.client().reset();
        proxy.awaitTurn();

        stall.close();

        pair.upstream().expect("hello").expectReset();
    }

    @Test
    void aCloseByTheUserThatAStallHasHeldIsPassedOnWhenThatIsUndone() throws Exception {
        Testbed.Pair pair = pair();
        RunningFault stall = proxy.route().faults().toUpstream(Fault.stall());
        pair.client().send("hello");
        awaitHeld();
        proxy.route().closeFlows(flow -> true);
        proxy.awaitTurn();

        stall.close();

        pair.upstream().expect("hello").expectEnd();
        pair.client().expectEnd();
    }

    @Test
    void aTimeThatWasCalledOffDoesNotHaveAResetOvertakeWhatCameBefore() throws Exception {
        Testbed.Pair pair = pairWithSlowClient(Duration.ofMinutes(1));
        RunningFault reset = proxy.route().faults().toClient(Fault.resetAfter(SHORT.multipliedBy(2)));
        proxy.route().faults().toClient(Fault.slice(LONG / 10));
        reset.close();

        sendLong(pair.upstream());
        pair.upstream().reset();
        pass(SHORT.multipliedBy(8));

        assertThat(pair.client().receiveUntilReset()).isEqualTo(Payload.of(LONG, SEED));
    }

    @Test
    void aResetBehindAHalfCloseDoesNotOvertakeWhatCameBefore() throws Exception {
        Testbed.Pair pair = pairWithSlowClient(Duration.ofMinutes(1), FaultRule.toClient(Fault.halfCloseAfter(LONG)));
        sendLong(pair.upstream());

        pair.upstream().reset();
        pass(SHORT.multipliedBy(4));

        assertThat(Payload.receive(pair.client().in(), Long.MAX_VALUE)).isEqualTo(Payload.of(LONG, SEED));
    }

    @Test
    void theHalfClosedTimeoutDoesNotCutShortWhatAHalfCloseHasEnded() throws Exception {
        Testbed.Pair pair = pairWithSlowClient(SHORT, FaultRule.toClient(Fault.halfCloseAfter(LONG)));
        sendLong(pair.upstream());

        pair.client().endStream();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.HALF_CLOSED);

        assertThat(Payload.receive(pair.client().in(), Long.MAX_VALUE)).isEqualTo(Payload.of(LONG, SEED));
    }

    @Test
    void aHalfCloseIsToldToTheUpstreamThatTakesThePlaceOfAnother() throws Exception {
        TcpServer first = bed.server();
        TcpServer second = bed.server();
        proxy = bed.start(Route.tcp("db")
                .listen("127.0.0.1", 0)
                .faults(FaultRule.toUpstream(Fault.halfClose()))
                .to(first.hostPort(), second.hostPort()));
        TcpPeer client = bed.connect(proxy);

        first.accept().expectEnd().reset();

        second.accept().expectEnd().send("answer");
        client.expect("answer");
    }

    @Test
    void aHalfCloseMayBeUndoneWhileAnotherUpstreamIsDialled() throws Exception {
        TcpServer first = bed.server();
        DeafServer deaf = bed.own(DeafServer.open(Family.IPV4));
        proxy = bed.start(Route.tcp("db").listen("127.0.0.1", 0).to(first.hostPort(), deaf.hostPort()));
        RunningFault half = proxy.route().faults().toUpstream(Fault.halfClose());
        TcpPeer client = bed.connect(proxy);
        first.accept().expectEnd().reset();
        Await.until("the next is dialled", () -> proxy.upstream(1).active() == 1);

        half.close();

        client.reset();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLIENT_RESET);
    }

    @Test
    void aHalfCloseComesBehindWhatALatencyHolds() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toUpstream(Fault.latency(SHORT)));
        pair.client().send("held");
        awaitHeld();

        proxy.route().faults().toUpstream(Fault.halfClose());

        pair.upstream().expect("held").expectEnd();
    }

    @Test
    void aHalfCloseComesBehindWhatTheReceiverHasNotTaken() throws Exception {
        TcpServer server = bed.server().receiveBuffer(SMALL_BUFFER);
        proxy = bed.start(Route.tcp("db").listen("127.0.0.1", 0).to(server.hostPort()));
        Testbed.Pair pair = bed.pair(proxy, server);
        byte[] sent = pair.client().sendUntilHeld(proxy, () -> proxy.metrics().bytesToUpstream(), SEED);

        proxy.route().faults().toUpstream(Fault.halfClose());

        assertThat(Payload.receive(pair.upstream().in(), Long.MAX_VALUE)).isEqualTo(Payload.of(sent.length, SEED));
    }

    @Test
    void aFlowThatOneRuleHasEndedIsNotUnderTheNext() throws Exception {
        TcpServer server = bed.server();
        proxy = bed.start(Route.tcp("db").listen("127.0.0.1", 0).to(server.hostPort()));
        proxy.route().faults().toUpstream(Fault.reset());
        RunningFault next = proxy.route().faults().toClient(Fault.resetAfter(Duration.ofHours(1)));

        Knock.at(proxy.address()).expectReset().close();

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.FAULT);
        assertThat(next.flows()).isZero();
    }
}
