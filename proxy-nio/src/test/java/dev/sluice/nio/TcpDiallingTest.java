package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.DeafServer;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.TcpSetting;
import dev.sluice.nio.testkit.Testbed;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client does while its upstream is not connected yet. */
@ParameterizedClass
@MethodSource("dev.sluice.nio.testkit.TcpSetting#matrix")
class TcpDiallingTest {
    private static final String NAME = "backend.example";
    private static final long SEED = 6;
    private static final int ROOM = 16 * 1024;

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Parameter
    TcpSetting setting;

    private final HeldResolver resolver = new HeldResolver();
    private TcpServer server;
    private StartedProxy proxy;

    /** A client whose upstream is known only once the resolver is released. */
    private TcpPeer dialling() throws Exception {
        server = bed.server(setting.upstream());
        return diallingTo(Upstreams.of(NAME + ":" + server.address().getPort()));
    }

    private TcpPeer diallingTo(Upstreams upstreams) throws Exception {
        resolver.knows(NAME, setting.upstream().address()).holds(NAME);
        proxy = bed.start(
                builder -> setting.apply(builder).resolver(resolver),
                setting.route().to(upstreams));
        TcpPeer client = bed.connect(proxy);
        Await.until("it dials", () -> resolver.asked(NAME) == 1);
        return client;
    }

    private TcpPeer connected() throws Exception {
        resolver.release(NAME);
        return server.accept();
    }

    private void awaitHeld(int bytes) {
        Await.until(
                bytes + " bytes of buffer are held",
                () -> proxy.server().metrics().bufferBytesHeld() == bytes);
    }

    @Test
    void whatWasSentAndItsEndArriveOnceTheUpstreamIsConnected() throws Exception {
        TcpPeer client = dialling();

        client.send("question").endStream();
        proxy.awaitTurn();
        TcpPeer upstream = connected().expect("question").expectEnd();
        upstream.send("answer").endStream();

        client.expect("answer").expectEnd();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
    }

    @Test
    void anEndOfStreamAloneDoesNotCancelTheAttempt() throws Exception {
        TcpPeer client = dialling();

        client.endStream();
        proxy.awaitTurn();
        assertThat(proxy.metrics().active()).isEqualTo(1);
        connected().expectEnd().send("greeting").endStream();

        client.expect("greeting").expectEnd();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
    }

    /** A close and a half-close look the same. */
    @Test
    void aCloseDoesNotCancelTheAttempt() throws Exception {
        TcpPeer client = dialling();

        client.send("last words").close();
        proxy.awaitTurn();
        connected().expect("last words").expectEnd().close();

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, ROOM - 1})
    void aResetCancelsTheAttemptAsLongAsThereIsRoomForMore(int waiting) throws Exception {
        TcpPeer client = dialling();

        Payload.send(client.out(), waiting, SEED);
        awaitHeld(waiting == 0 ? 0 : ROOM);
        client.reset();
        FlowEnd end = proxy.log().awaitEnd();
        resolver.release(NAME);
        bed.connect(proxy).send("next");

        assertThat(end.reason()).isEqualTo(CloseReason.CLIENT_RESET);
        assertThat(end.bytesToUpstream()).isZero();
        server.accept().expect("next");
        assertThat(server.accepted()).as("connections for both clients").isEqualTo(1);
        awaitHeld(0);
    }

    @Test
    void aResetGivesUpAConnectThatIsNotAnswered() throws Exception {
        assumeTrue(OpenSockets.areListed());
        DeafServer deaf = bed.own(DeafServer.open(setting.upstream()));
        proxy = bed.start(setting::apply, setting.route().to(deaf.hostPort()));
        TcpPeer client = bed.connect(proxy).send("anybody there?");
        awaitHeld(ROOM);
        int open = OpenSockets.count();

        client.reset();

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLIENT_RESET);
        Await.until("the client's socket and both of the flow are closed", () -> OpenSockets.count() <= open - 3);
        awaitHeld(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {ROOM, ROOM + 1, 1_000_000})
    void oneSmallBufferIsReadAndTheRestWaitsWithTheClient(int size) throws Exception {
        TcpPeer client = dialling();

        Future<Payload> sent = bed.fork(() -> {
            Payload payload = Payload.send(client.out(), size, SEED);
            client.endStream();
            return payload;
        });
        awaitHeld(ROOM);
        proxy.awaitTurn();
        assertThat(proxy.server().metrics().bufferBytesHeld()).isEqualTo(ROOM);

        assertThat(Payload.receive(connected().in(), Long.MAX_VALUE)).isEqualTo(Await.result(sent));
    }

    /** Nothing is looked at for which there is no room, so that the reset comes after all that was sent before it. */
    @ParameterizedTest
    @ValueSource(ints = {ROOM, 3 * ROOM})
    void aResetBehindAFullBufferIsSeenOnceTheUpstreamIsConnected(int size) throws Exception {
        TcpPeer client = dialling();

        Payload sent = Payload.send(client.out(), size, SEED);
        awaitHeld(ROOM);
        client.reset();
        proxy.awaitTurn();
        assertThat(proxy.metrics().active()).isEqualTo(1);

        assertThat(connected().receiveUntilReset()).isEqualTo(sent);
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLIENT_RESET);
    }

    @Test
    void whatWaitsIsForTheNextUpstreamWhenOneFails() throws Exception {
        server = bed.server(setting.upstream());
        ClosedPort closed = bed.own(ClosedPort.open(setting.upstream()));
        TcpPeer client = diallingTo(
                Upstreams.of(NAME + ":" + closed.port(), server.hostPort()).select(UpstreamSelector.failover()));

        client.send("question").endStream();
        proxy.awaitTurn();
        connected().expect("question").expectEnd().send("answer").endStream();

        client.expect("answer").expectEnd();
        assertThat(proxy.log().awaitEnd().attempts()).isEqualTo(2);
    }

    @Test
    void whatWaitsIsDroppedWhenNoUpstreamIsReached() throws Exception {
        ClosedPort closed = bed.own(ClosedPort.open(setting.upstream()));
        TcpPeer client = diallingTo(Upstreams.of(NAME + ":" + closed.port()));

        client.send("question").endStream();
        awaitHeld(ROOM);
        resolver.release(NAME);

        client.expectReset();
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
        assertThat(end.bytesToUpstream()).isZero();
        awaitHeld(0);
    }
}
