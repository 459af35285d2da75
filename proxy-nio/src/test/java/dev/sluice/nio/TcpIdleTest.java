package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection on which nothing moves. */
class TcpIdleTest {
    private static final Duration IDLE = Duration.ofMillis(200);
    /** For a connection with traffic: so long that a slow machine does not look like silence. */
    private static final Duration PATIENT = Duration.ofMillis(500);

    private static final long SEED = 7;
    private static final int SMALL_BUFFER = 8 * 1024;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    private Testbed.Pair pair(Duration idle) throws IOException {
        TcpServer server = bed.server().receiveBuffer(SMALL_BUFFER);
        proxy = bed.start(
                Route.tcp("web").listen("127.0.0.1", 0).idleTimeout(idle).to(server.hostPort()));
        TcpPeer client = bed.own(TcpPeer.connect(proxy.address(), SMALL_BUFFER));
        return new Testbed.Pair(client, server.accept());
    }

    private void expectIdle(Duration atLeast) {
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.IDLE);
        assertThat(end.took()).isGreaterThanOrEqualTo(atLeast);
    }

    /** Sends without end; nobody reads it, so that this is stuck some time. */
    private Future<Payload> flood(TcpPeer sender) {
        return bed.fork(() -> Payload.send(sender.out(), Long.MAX_VALUE, SEED));
    }

    private static void expectReset(Future<Payload> flood) {
        assertThatThrownBy(() -> Await.result(flood))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void silentPeersAreBothReset() throws Exception {
        Testbed.Pair flow = pair(PATIENT);
        flow.client().send("hello");
        flow.upstream().expect("hello").send("welcome");
        flow.client().expect("welcome");

        flow.client().expectReset();
        flow.upstream().expectReset();
        expectIdle(PATIENT);
    }

    @Test
    void aSilentPeerThatNeverSentAnythingIsResetToo() throws Exception {
        Testbed.Pair flow = pair(IDLE);

        flow.client().expectReset();
        flow.upstream().expectReset();
        expectIdle(IDLE);
    }

    @Test
    void bytesStuckOnBothSidesDoNotKeepAConnection() throws Exception {
        Testbed.Pair flow = pair(IDLE);

        Future<Payload> up = flood(flow.client());
        Future<Payload> down = flood(flow.upstream());

        expectReset(up);
        expectReset(down);
        expectIdle(IDLE);
        assertThat(proxy.server().metrics().bufferBytesHeld()).isZero();
    }

    /** What the reader has got by then is cut off by a reset, never by an end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPausedSideDoesNotKeepAConnection(boolean client) throws Exception {
        Testbed.Pair flow = pair(IDLE);

        Future<Payload> flood = flood(client ? flow.client() : flow.upstream());

        expectReset(flood);
        expectIdle(IDLE);
        Payload cut = (client ? flow.upstream() : flow.client()).receiveUntilReset();
        assertThat(cut).isEqualTo(Payload.of(cut.bytes(), SEED));
        assertThat(proxy.server().metrics().bufferBytesHeld()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trafficOfOneSideKeepsAConnection(boolean client) throws Exception {
        Testbed.Pair flow = pair(PATIENT);
        TcpPeer sender = client ? flow.client() : flow.upstream();
        TcpPeer receiver = client ? flow.upstream() : flow.client();
        long begun = System.nanoTime();
        Duration lastSent = Duration.ZERO;
        while (lastSent.compareTo(PATIENT.plusMillis(100)) < 0) {
            lastSent = Duration.ofNanos(System.nanoTime() - begun);
            sender.send("tick");
            receiver.expect("tick");
        }
        assertThat(proxy.metrics().active()).isEqualTo(1);

        sender.expectReset();
        receiver.expectReset();
        expectIdle(lastSent.plus(PATIENT));
    }

    @Test
    void anIdleTimeoutOfZeroKeepsAConnectionForEver() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        proxy = bed.start(
                Route.tcp("for-ever")
                        .listen("127.0.0.1", 0)
                        .idleTimeout(Duration.ZERO)
                        .to(server.hostPort()),
                Route.tcp("briefly").listen("127.0.0.1", 0).idleTimeout(IDLE).to(server.hostPort()));
        TcpPeer stays = bed.connect(proxy).send("stay").expect("stay");
        TcpPeer goes = bed.connect(proxy.server().route("briefly").localAddress());

        goes.expectReset();

        assertThat(proxy.log().awaitEnd().info().route()).isEqualTo("briefly");
        stays.send("still").expect("still");
    }
}
