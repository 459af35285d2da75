package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.FaultRule;
import dev.sluice.Flow;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.TcpRoute;
import dev.sluice.fault.Fault;
import dev.sluice.fault.Latency;
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

/** Streams that come later than they were sent. */
class TcpLatencyTest {
    private static final Duration DELAY = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofHours(1);
    private static final long SEED = 21;
    private static final int MEBIBYTE = 1 << 20;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    private static TcpRoute.Builder route() {
        return Route.tcp("db").listen("127.0.0.1", 0);
    }

    private Testbed.Pair pair(FaultRule... rules) throws IOException {
        TcpServer server = bed.server();
        proxy = bed.start(route().faults(rules).to(server.hostPort()));
        return bed.pair(proxy, server);
    }

    private interface Exchange {
        void run() throws Exception;
    }

    private static Duration timeOf(Exchange exchange) throws Exception {
        long begun = System.nanoTime();
        exchange.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void dataComesNoSoonerThanTheLatencyInTheDirectionThatHasIt() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.latency(DELAY)));

        pair.client().send("ping");
        pair.upstream().expect("ping");
        Duration took = timeOf(() -> {
            pair.upstream().send("pong");
            pair.client().expect("pong");
        });

        assertThat(took).isGreaterThanOrEqualTo(DELAY);
    }

    @Test
    void eachDirectionHasItsOwn() throws Exception {
        Testbed.Pair pair = pair(FaultRule.bothWays(Fault.latency(DELAY)));

        Duration took = timeOf(() -> {
            pair.client().send("ping");
            pair.upstream().expect("ping").send("pong");
            pair.client().expect("pong");
        });

        assertThat(took).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
    }

    @Test
    void faultsOfOneDirectionAddUp() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toUpstream(Fault.latency(DELAY), Fault.latency(DELAY)));

        Duration took = timeOf(() -> {
            pair.client().send("ping");
            pair.upstream().expect("ping");
        });

        assertThat(took).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
    }

    @Test
    void aStreamKeepsItsOrderWhateverTheJitter() throws Exception {
        Latency latency = Fault.latency(Duration.ofMillis(20)).jitter(Duration.ofMillis(20));
        Testbed.Pair pair = pair(FaultRule.bothWays(latency).seed(SEED));

        Future<Payload> sent = bed.fork(() -> Payload.send(pair.client().out(), 20L * MEBIBYTE, SEED));

        assertThat(Payload.receive(pair.upstream().in(), 20L * MEBIBYTE)).isEqualTo(Await.result(sent));
    }

    @Test
    void anEndOfStreamFollowsTheDataAndTheOtherDirectionGoesOn() throws Exception {
        Testbed.Pair pair = pair(FaultRule.bothWays(Fault.latency(DELAY)));

        pair.client().send("last words").endStream();
        pair.upstream().expect("last words").expectEnd().send("answer").endStream();

        pair.client().expect("answer").expectEnd();
    }

    @Test
    void anEndOfStreamIsLateItselfWhereThatIsAsked() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toUpstream(Fault.latency(DELAY).withEnd()));

        Duration took = timeOf(() -> {
            pair.client().endStream();
            pair.upstream().expectEnd();
        });

        assertThat(took).isGreaterThanOrEqualTo(DELAY);
    }

    @Test
    void theUpstreamIsDialledLaterWhereThatIsAsked() throws Exception {
        TcpServer server = bed.server();
        Latency latency = Fault.latency(DELAY).withConnect();
        proxy = bed.start(route().faults(FaultRule.toUpstream(latency)).to(server.hostPort()));

        Duration took = timeOf(() -> bed.pair(proxy, server));

        assertThat(took).isGreaterThanOrEqualTo(DELAY);
    }

    @Test
    void whatTheClientSendsBeforeALateDialArrives() throws Exception {
        TcpServer server = bed.server();
        proxy = bed.start(route().to(server.hostPort()));
        TcpPeer client;
        try (RunningFault late =
                proxy.route().faults().toUpstream(Fault.latency(LONG).withConnect())) {
            client = bed.connect(proxy).send("early").endStream();
            Await.until("the flow is under the fault", () -> late.flows() == 1);
            assertThat(server.accepted()).isZero();
        }

        server.accept().expect("early").expectEnd().send("answer").endStream();
        client.expect("answer").expectEnd();
    }

    @Test
    void whatIsHeldComesAtOnceAndInOrderWhenTheFaultIsUndone() throws Exception {
        Testbed.Pair pair = pair();
        try (RunningFault slow = proxy.route().faults().toUpstream(Fault.latency(LONG))) {
            pair.client().send("one, ").send("two, ");
            Await.until("it is held", () -> held() > 0);
            pair.client().send("three").endStream();
            assertThat(slow.flows()).isEqualTo(1);
        }

        pair.upstream().expect("one, two, three").expectEnd();
        Await.until("nothing is held", () -> held() == 0);
    }

    @Test
    void moreThanItMayHoldIsHeldBackAtTheSenderAndNothingIsLost() throws Exception {
        Testbed.Pair pair = pair();
        Payload sent;
        try (RunningFault slow = proxy.route().faults().toUpstream(Fault.latency(LONG))) {
            sent = pair.client().fill(SEED, () -> held() > 3 * MEBIBYTE);
            assertThat(held()).isBetween(3L * MEBIBYTE, 4L * MEBIBYTE + 1024);
            assertThat(slow.isRunning()).isTrue();
        }

        pair.client().endStream();
        assertThat(Payload.receive(pair.upstream().in(), Long.MAX_VALUE)).isEqualTo(sent);
    }

    @Test
    void aResetOfTheSenderComesBehindTheDataThatIsHeld() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.latency(DELAY)));
        pair.client().send("request");
        pair.upstream().expect("request").send("half an ans");
        Await.until("it is held", () -> held() > 0);

        pair.upstream().reset();

        pair.client().expect("half an ans").expectReset();
    }

    @Test
    void anUpstreamThatAnswersAndIsResetIsNotTakenForOneThatNeverAnswered() throws Exception {
        Testbed.Pair pair = pair(FaultRule.bothWays(Fault.latency(DELAY)));
        pair.client().send("request");
        pair.upstream().send("greeting");
        Await.until("both are held", () -> held() > 2 * "greeting".length());

        pair.upstream().reset();

        pair.client().expect("greeting").expectReset();
    }

    @Test
    void aClosedFlowDeliversWhatIsHeld() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.latency(DELAY)));
        pair.upstream().send("held");
        Await.until("it is held", () -> held() > 0);

        proxy.route().flows().forEach(Flow::close);

        pair.client().expect("held").expectEnd();
        pair.upstream().expectEnd();
    }

    private long held() {
        return proxy.server().metrics().bufferBytesHeld();
    }
}
