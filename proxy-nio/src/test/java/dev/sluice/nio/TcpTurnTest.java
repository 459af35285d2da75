package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several things that happen to a connection before its worker looks: nothing is lost, and it ends once. The worker is
 * kept from looking by a selector that blocks.
 */
class TcpTurnTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private StartedProxy proxy;
    private TcpPeer client;
    private TcpPeer upstream;

    @BeforeEach
    void holdTheWorker() throws Exception {
        TcpServer server = bed.server();
        UpstreamSelector holding = (candidates, flow) -> {
            held.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return -1;
        };
        proxy = bed.start(
                builder -> builder.workers(1),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()),
                Route.tcp("holds")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(server.hostPort()).select(holding)));
        Testbed.Pair flow = bed.pair(proxy, server);
        client = flow.client().send("question");
        upstream = flow.upstream().expect("question").send("answer");
        client.expect("answer");
        bed.own((AutoCloseable) released::countDown);
        bed.own(Knock.at(proxy.server().route("holds").localAddress()));
        Await.until("the worker is held", () -> held.getCount() == 0);
    }

    private CloseReason reason() {
        return proxy.log().awaitEnds(2).stream()
                .filter(end -> end.info().route().equals("web"))
                .map(FlowEnd::reason)
                .findFirst()
                .orElseThrow();
    }

    private TcpPeer side(boolean isClient) {
        return isClient ? client : upstream;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dataThatAResetFollowsIsDeliveredBeforeIt(boolean byClient) throws Exception {
        side(byClient).send("last words").reset();
        released.countDown();

        side(!byClient).expect("last words").expectReset();
        assertThat(reason()).isEqualTo(byClient ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dataAndAnEndThatAResetFollowsAreDelivered(boolean byClient) throws Exception {
        side(byClient).send("last words").endStream().reset();
        released.countDown();

        side(!byClient)
                .expect("last words")
                .expectEnd()
                .send("nobody hears this")
                .endStream();
        assertThat(reason()).isEqualTo(byClient ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatBothSaidIsDeliveredWhenOneIsReset(boolean byClient) throws Exception {
        side(!byClient).send("not heard any more");
        side(byClient).send("last words").reset();
        released.countDown();

        side(!byClient).expect("last words").expectReset();
        assertThat(reason()).isEqualTo(byClient ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET);
    }

    @Test
    void bothEndsAreOneEnd() throws Exception {
        client.send("that was all").endStream();
        upstream.send("so it was").endStream();
        released.countDown();

        upstream.expect("that was all").expectEnd();
        client.expect("so it was").expectEnd();
        assertThat(reason()).isEqualTo(CloseReason.DONE);
    }

    @Test
    void bothClosesAreOneEnd() throws Exception {
        client.send("that was all").close();
        upstream.send("so it was").close();
        released.countDown();

        assertThat(reason()).isEqualTo(CloseReason.DONE);
    }

    @Test
    void bothResetsAreOneEnd() throws Exception {
        client.reset();
        upstream.reset();
        released.countDown();

        assertThat(reason()).isIn(CloseReason.CLIENT_RESET, CloseReason.UPSTREAM_RESET);
        assertThat(proxy.metrics().opened()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseOfTheOneAndAResetOfTheOtherAreOneEnd(boolean clientCloses) throws Exception {
        side(clientCloses).send("last words").close();
        side(!clientCloses).reset();
        released.countDown();

        assertThat(reason()).isEqualTo(clientCloses ? CloseReason.UPSTREAM_RESET : CloseReason.CLIENT_RESET);
        assertThat(proxy.metrics().opened()).isEqualTo(1);
    }
}
