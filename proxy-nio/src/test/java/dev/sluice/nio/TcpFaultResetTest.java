package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FaultRule;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Faults that reset a connection. */
class TcpFaultResetTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final long SEED = 23;
    private static final int AFTER = 300_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    private Testbed.Pair pair(FaultRule... rules) throws IOException {
        TcpServer server = bed.server();
        proxy = bed.start(Route.tcp("db").listen("127.0.0.1", 0).faults(rules).to(server.hostPort()));
        return bed.pair(proxy, server);
    }

    private FlowEnd expectFault() {
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.FAULT);
        return end;
    }

    @Test
    void aConnectionOlderThanTheFaultIsResetBothWays() throws Exception {
        Testbed.Pair pair = pair();
        pair.client().send("hello");
        pair.upstream().expect("hello");

        proxy.route().faults().toClient(Fault.reset());

        pair.client().expectReset();
        pair.upstream().expectReset();
        expectFault();
    }

    @Test
    void aNewConnectionIsResetBeforeAnUpstreamIsDialled() throws Exception {
        TcpServer server = bed.server();
        proxy = bed.start(Route.tcp("db")
                .listen("127.0.0.1", 0)
                .faults(FaultRule.bothWays(Fault.reset()))
                .to(server.hostPort()));

        Knock.at(proxy.address()).expectReset().close();

        assertThat(expectFault().attempts()).isZero();
        assertThat(server.accepted()).isZero();
    }

    @Test
    void theBytesBeforeTheResetArriveFirst() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.resetAfter(AFTER)));
        bed.fork(() -> Payload.send(pair.upstream().out(), 10L * AFTER, SEED));

        Payload received = pair.client().receiveUntilReset();

        assertThat(received).isEqualTo(Payload.of(AFTER, SEED));
        assertThat(expectFault().bytesToClient()).isEqualTo(AFTER);
    }

    @Test
    void whatTheOtherDirectionCarriesIsNotCounted() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toClient(Fault.resetAfter(5)));
        pair.client().send("a long request");
        pair.upstream().expect("a long request").send("12345");

        pair.client().expect("12345").expectReset();
    }

    @Test
    void aResetComesAtItsTimeThoughNothingMoves() throws Exception {
        long begun = System.nanoTime();
        Testbed.Pair pair = pair(FaultRule.toUpstream(Fault.resetAfter(SHORT)));

        pair.client().expectReset();
        pair.upstream().expectReset();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(SHORT);
        expectFault();
    }

    @Test
    void aResetComesAtItsTimeThoughTheReaderTakesNothing() throws Exception {
        TcpServer server = bed.server().receiveBuffer(8 * 1024);
        proxy = bed.start(Route.tcp("db").listen("127.0.0.1", 0).to(server.hostPort()));
        Testbed.Pair pair = bed.pair(proxy, server);
        pair.client().fill(SEED, () -> proxy.server().metrics().bufferBytesHeld() > 0);

        proxy.route().faults().toUpstream(Fault.resetAfter(SHORT));

        pair.upstream().receiveUntilReset();
        expectFault();
    }

    @Test
    void aResetComesAtItsTimeThoughAllIsStalled() throws Exception {
        Testbed.Pair pair = pair(FaultRule.bothWays(Fault.stall(), Fault.resetAfter(SHORT)));
        pair.client().send("never seen");

        pair.client().expectReset();
        pair.upstream().expectReset();
        assertThat(expectFault().bytesToUpstream()).isZero();
        Await.until("nothing is held", () -> proxy.server().metrics().bufferBytesHeld() == 0);
    }

    @Test
    void aHalfClosedConnectionIsResetAtItsTime() throws Exception {
        Testbed.Pair pair = pair(FaultRule.toUpstream(Fault.resetAfter(SHORT)));
        pair.client().send("request").endStream();
        pair.upstream().expect("request").expectEnd();

        pair.client().expectReset();
        expectFault();
    }

    @Test
    void aResetAfterATimeIsCalledOffWhenTheFaultIsUndone() throws Exception {
        Testbed.Pair pair = pair();

        proxy.route().faults().toUpstream(Fault.resetAfter(SHORT)).close();

        proxy.route().faults().toUpstream(Fault.latency(SHORT.multipliedBy(2)));
        pair.client().send("still there");
        pair.upstream().expect("still there");
    }
}
