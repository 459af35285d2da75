package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FaultRule;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What each fault of a stream does to it, and what it leaves alone. */
class TcpFaultsTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final long SEED = 22;
    private static final int KIBIBYTE = 1024;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    private Testbed.Pair pair(FaultRule... rules) throws IOException {
        TcpServer server = bed.server();
        proxy = bed.start(Route.tcp("db").listen("127.0.0.1", 0).faults(rules).to(server.hostPort()));
        return bed.pair(proxy, server);
    }

    private long held() {
        return proxy.server().metrics().bufferBytesHeld();
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void dataComesNoFasterThanTheBandwidth() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.bandwidth(200 * KIBIBYTE)));
        long begun = System.nanoTime();

        Future<Payload> sent = bed.fork(() -> Payload.send(pair.upstream().out(), 100 * KIBIBYTE, SEED));
        Payload received = Payload.receive(pair.client().in(), 100 * KIBIBYTE);

        assertThat(received).isEqualTo(Await.result(sent));
        assertThat(since(begun)).isGreaterThanOrEqualTo(Duration.ofMillis(490));
    }

    @Test
    void flowsUnderOneRuleShareABandwidthWhereThatIsAsked() throws Exception {
        TcpServer server = bed.server(client -> Payload.send(client.out(), 50 * KIBIBYTE, SEED));
        FaultRule rule = FaultRule.toClient(Fault.bandwidth(200 * KIBIBYTE).shared());
        proxy = bed.start(
                builder -> builder.workers(2),
                Route.tcp("db").listen("127.0.0.1", 0).faults(rule).to(server.hostPort()));
        long begun = System.nanoTime();

        Future<Payload> first = receiveAll();
        Future<Payload> second = receiveAll();

        assertThat(Await.result(first)).isEqualTo(Payload.of(50 * KIBIBYTE, SEED));
        assertThat(Await.result(second)).isEqualTo(Payload.of(50 * KIBIBYTE, SEED));
        assertThat(since(begun)).isGreaterThanOrEqualTo(Duration.ofMillis(490));
    }

    private Future<Payload> receiveAll() {
        return bed.fork(() -> Payload.receive(bed.connect(proxy).in(), Long.MAX_VALUE));
    }

    @Test
    void aMessageComesInSlices() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toUpstream(Fault.slice(3).gap(Duration.ofMillis(30))));
        byte[] buffer = new byte[100];

        pair.client().send("12345678");

        assertThat(pair.upstream().in().read(buffer)).as("the first slice").isEqualTo(3);
        pair.upstream().expect("45678");
        assertThat(proxy.route().flows().get(0).bytesToUpstream()).isEqualTo(8);
    }

    @Test
    void slicesLoseNothing() throws Exception {
        Testbed.Pair pair =
                pair(FaultRule.bothWays(Fault.slice(100).variation(99)).seed(SEED));

        Future<Payload> sent = bed.fork(() -> Payload.send(pair.client().out(), 1_000_000, SEED));

        assertThat(Payload.receive(pair.upstream().in(), 1_000_000)).isEqualTo(Await.result(sent));
    }

    @Test
    void theFlowIsClosedInGoodOrderAtTheLimit() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.limit(5)));

        pair.upstream().send("123456789");

        pair.client().expect("12345").expectEnd();
        pair.upstream().expectEnd();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.FAULT);
        assertThat(proxy.log().awaitEnd().bytesToClient()).isEqualTo(5);
    }

    @Test
    void aLimitOfOneDirectionLetsWhatTheOtherHasSentArrive() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toUpstream(Fault.latency(SHORT)), FaultRule.toClient(Fault.limit(5)));
        pair.client().send("still under way");
        Await.until("it is held", () -> held() > 0);

        pair.upstream().send("12345");

        pair.client().expect("12345").expectEnd();
        pair.upstream().expect("still under way").expectEnd();
    }

    @Test
    void aConnectionIsHalfClosedAndTheOtherDirectionGoesOn() throws Exception {
        Testbed.Pair pair = pair();
        pair.client().send("request");
        pair.upstream().expect("request");

        RunningFault half = proxy.route().faults().toUpstream(Fault.halfClose());

        pair.upstream().expectEnd();
        pair.client().send("lost");
        half.close();
        pair.client().send("lost, too");
        pair.upstream().send("answer").endStream();
        pair.client().expect("answer").expectEnd().endStream();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
        assertThat(proxy.log().awaitEnd().bytesToUpstream()).isEqualTo("request".length());
    }

    @Test
    void aHalfCloseComesBehindItsBytes() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.halfCloseAfter(5), Fault.latency(SHORT)));
        pair.upstream().send("123456789");

        pair.client().expect("12345").expectEnd().send("still heard").endStream();

        pair.upstream().expect("still heard").expectEnd();
    }

    @Test
    void anEndOfStreamIsSlowAndDataIsNot() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toUpstream(Fault.slowClose(SHORT)));
        long begun = System.nanoTime();

        pair.client().send("quick").endStream();
        pair.upstream().expect("quick").expectEnd();

        assertThat(since(begun)).isGreaterThanOrEqualTo(SHORT);
        pair.upstream().send("answer").endStream();
        pair.client().expect("answer").expectEnd();
    }

    @Test
    void aStallHoldsAllIncludingTheEndAndLosesNothing() throws Exception {
        Testbed.Pair pair = pair();
        try (RunningFault stall = proxy.route().faults().toUpstream(Fault.stall())) {
            pair.client().send("one").endStream();
            Await.until("it is held", () -> held() > 0);
            pair.upstream().send("the other way");
            pair.client().expect("the other way");
            assertThat(stall.flows()).isEqualTo(1);
            assertThat(proxy.metrics().bytesToUpstream()).isZero();
        }

        pair.upstream().expect("one").expectEnd();
    }

    @Test
    void aBlackHoleLosesDataAndHoldsTheEnd() throws Exception {
        Testbed.Pair pair = pair();
        RunningFault stall = proxy.route().faults().toUpstream(Fault.stall());
        Payload.send(pair.client().out(), 1_000, SEED);
        Await.until("all of it is held", () -> held() > 1_000);
        try (RunningFault hole = proxy.route().faults().toUpstream(Fault.blackHole())) {
            stall.close();
            assertThat(held()).isZero();
            pair.client().endStream();
            assertThat(hole.flows()).isEqualTo(1);
        }

        pair.upstream().expectEnd().send("answer").endStream();
        pair.client().expect("answer").expectEnd();
        assertThat(proxy.log().awaitEnd().bytesToUpstream()).isZero();
    }

    @Test
    void aBlackHoleForLiveFlowsLeavesNewOnesAlone() throws Exception {
        TcpServer server = bed.server();
        proxy = bed.start(Route.tcp("db").listen("127.0.0.1", 0).to(server.hostPort()));
        Testbed.Pair old = bed.pair(proxy, server);
        old.client().send("before");
        old.upstream().expect("before");

        proxy.route().faults().apply(FaultRule.bothWays(Fault.blackHole()).liveFlows());

        Testbed.Pair young = bed.pair(proxy, server);
        young.client().send("hello");
        young.upstream().expect("hello").send("hello back");
        young.client().expect("hello back");
        old.client().send("lost").endStream();
        proxy.awaitTurn();
        assertThat(proxy.metrics().bytesToUpstream()).isEqualTo("before".length() + "hello".length());
        proxy.route().faults().clear();
    }

    @Test
    void whoIsClosedAtItsAcceptSeesAnEndThoughItHasSentSomething() throws Exception {
        proxy = bed.start(Route.tcp("db")
                .listen("127.0.0.1", 0)
                .faults(FaultRule.listening(Fault.acceptAndClose()))
                .to("127.0.0.1:1"));
        proxy.route().pause();
        TcpPeer client = bed.connect(proxy).send("something");

        proxy.route().resume();

        client.expectEnd().send("more").endStream();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.FAULT);
        assertThat(proxy.log().awaitEnd().attempts()).isZero();
    }

    @Test
    void faultsWorkInTheirOrder() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.limit(4), Fault.latency(SHORT)));
        long begun = System.nanoTime();

        pair.upstream().send("12345678");
        pair.client().expect("1234").expectEnd();

        assertThat(since(begun)).isGreaterThanOrEqualTo(SHORT);
    }

    @Test
    void undoingOneRuleLeavesAnotherAtWork() throws Exception {
        Testbed.Pair pair = pair();
        RunningFault slow = proxy.route().faults().toClient(Fault.latency(SHORT));
        RunningFault stall = proxy.route().faults().toClient(Fault.stall());

        pair.upstream().send("one");
        Await.until("it is held", () -> held() > 0);
        stall.close();
        pair.client().expect("one");
        long begun = System.nanoTime();
        pair.upstream().send("two");
        pair.client().expect("two");

        assertThat(since(begun)).isGreaterThanOrEqualTo(SHORT);
        assertThat(slow.isRunning()).isTrue();
        assertThat(stall.isRunning()).isFalse();
    }
}
