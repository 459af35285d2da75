package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One side has ended its stream, and the other does not follow. */
class TcpHalfClosedTest {
    private static final Duration LIMIT = Duration.ofMillis(200);
    /** For a connection that makes progress: so long that a slow machine does not look like a stop. */
    private static final Duration PATIENT = Duration.ofMillis(500);

    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration LATE = Duration.ofSeconds(60);
    private static final Duration NEVER = Duration.ZERO;
    /** More than a reader's kernel takes for it, less than the proxy's. */
    private static final int ANSWER = 400_000;

    private static final long SEED = 8;
    private static final int SMALL_BUFFER = 8 * 1024;
    private static final int PIECE = 4 * 1024;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    private static TcpRoute.Builder route(String name, Duration limit) {
        return Route.tcp(name).listen("127.0.0.1", 0).halfClosedTimeout(limit);
    }

    private Testbed.Pair pair(Duration limit) throws IOException {
        TcpServer server = bed.server().receiveBuffer(SMALL_BUFFER);
        proxy = bed.start(route("web", limit).to(server.hostPort()));
        return bed.pair(proxy, server);
    }

    private FlowEnd expectHalfClosed(Duration atLeast) {
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.HALF_CLOSED);
        assertThat(end.took()).isGreaterThanOrEqualTo(atLeast);
        return end;
    }

    /** Who has read an end of stream learns by writing that nobody is there any more. */
    private static void expectGone(TcpPeer peer) {
        Await.until("nobody takes what it sends", () -> {
            try {
                peer.send("anybody there?");
                return false;
            } catch (IOException gone) {
                return true;
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoEndedIsResetAndTheOtherClosedWhenThatNeverEnds(boolean clientEnds) throws Exception {
        assumeTrue(OpenSockets.areListed());
        Testbed.Pair flow = pair(LIMIT);
        TcpPeer ended = clientEnds ? flow.client() : flow.upstream();
        TcpPeer other = clientEnds ? flow.upstream() : flow.client();
        int open = OpenSockets.count();

        ended.send("all I had").endStream();
        other.expect("all I had").expectEnd();

        ended.expectReset();
        expectHalfClosed(LIMIT);
        Await.until("the proxy's sockets are closed", () -> OpenSockets.count() <= open - 2);
        expectGone(other);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void progressOfTheOtherSideKeepsTheConnection(boolean clientEnds) throws Exception {
        Testbed.Pair flow = pair(PATIENT);
        TcpPeer ended = clientEnds ? flow.client() : flow.upstream();
        TcpPeer other = clientEnds ? flow.upstream() : flow.client();

        ended.endStream();
        other.expectEnd();
        long begun = System.nanoTime();
        Duration lastSent = Duration.ZERO;
        while (lastSent.compareTo(PATIENT.plusMillis(100)) < 0) {
            lastSent = Duration.ofNanos(System.nanoTime() - begun);
            other.send("tick");
            ended.expect("tick");
        }
        assertThat(proxy.metrics().active()).isEqualTo(1);

        ended.expectReset();
        expectHalfClosed(lastSent.plus(PATIENT));
    }

    /**
     * The client has gone, with bytes of it in the proxy's hands for an upstream that does not read. The upstream reads
     * until the proxy has written them and the end behind them, and no further.
     */
    @Test
    void flushingToAStalledUpstreamGoesOnWhenTheClientIsGoneAndEndsAtTheLimit() throws Exception {
        Testbed.Pair flow = pair(LIMIT);

        Payload sent = flow.client().fill(SEED);
        flow.client().close();
        assertThat(proxy.server().metrics().bufferBytesHeld()).isPositive();
        long read = 0;
        while (proxy.metrics().bytesToUpstream() < sent.bytes()) {
            read += flow.upstream().in().readNBytes(PIECE).length;
        }

        FlowEnd end = expectHalfClosed(LIMIT);
        assertThat(end.bytesToUpstream()).isEqualTo(sent.bytes());
        long rest = Payload.receive(flow.upstream().in(), Long.MAX_VALUE).bytes();
        assertThat(read + rest).isEqualTo(sent.bytes());
    }

    @Test
    void aLimitOfZeroKeepsAHalfClosedConnection() throws Exception {
        TcpServer server = bed.server();
        proxy = bed.start(
                route("for-ever", Duration.ZERO).to(server.hostPort()),
                route("briefly", LIMIT).to(server.hostPort()));
        Testbed.Pair stays = bed.pair(proxy, server);
        stays.client().endStream();
        stays.upstream().expectEnd();
        TcpPeer goes = bed.connect(proxy.server().route("briefly").localAddress());

        goes.endStream().expectReset();

        assertThat(proxy.log().awaitEnd().info().route()).isEqualTo("briefly");
        stays.upstream().send("still").endStream();
        stays.client().expect("still").expectEnd();
    }

    private StartedProxy started(TcpServer server, Duration idle, Duration halfClosed) {
        return bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .idleTimeout(idle)
                .halfClosedTimeout(halfClosed)
                .to(server.hostPort()));
    }

    static Stream<Arguments> theShorterLimitEndsItAndIsTheReason() {
        return Stream.of(
                arguments(SOON, LATE, CloseReason.IDLE),
                arguments(SOON, NEVER, CloseReason.IDLE),
                arguments(LATE, SOON, CloseReason.HALF_CLOSED),
                arguments(NEVER, SOON, CloseReason.HALF_CLOSED));
    }

    @ParameterizedTest
    @MethodSource
    void theShorterLimitEndsItAndIsTheReason(Duration idle, Duration halfClosed, CloseReason reason) throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = started(server, idle, halfClosed);
        TcpPeer client = bed.connect(proxy).endStream();
        server.accept().expectEnd();

        client.expectReset();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(reason);
        assertThat(end.took()).isBetween(SOON, LATE.dividedBy(2));
    }

    /** Most of it is still in the proxy's kernel when the flow ends, and a reset would throw that away. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoWasSentEverythingMayReadItAfterTheLimit(boolean answer) throws Exception {
        TcpServer server = bed.server().receiveBuffer(SMALL_BUFFER);
        StartedProxy proxy = started(server, LATE, SOON);
        TcpPeer client = bed.own(TcpPeer.connect(proxy.address(), SMALL_BUFFER));
        TcpPeer upstream = server.accept();
        TcpPeer sender = answer ? upstream : client;
        TcpPeer reader = answer ? client : upstream;

        Payload sent = Payload.send(sender.out(), ANSWER, 1);
        sender.endStream();
        FlowEnd end = proxy.log().awaitEnd();
        Payload received = Payload.receive(reader.in(), Long.MAX_VALUE);

        assertThat(received).isEqualTo(sent);
        assertThat(end.reason()).isEqualTo(CloseReason.HALF_CLOSED);
        sender.expectReset();
    }
}
