package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.CloseReason;
import dev.sluice.nio.testkit.Await;
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
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a stream comes after all bytes before it, and ends one direction only. */
@ParameterizedClass
@MethodSource("dev.sluice.nio.testkit.TcpSetting#matrix")
class TcpEndOfStreamTest {
    private static final long SEED = 3;
    private static final int SMALL_BUFFER = 8 * 1024;

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Parameter
    TcpSetting setting;

    private StartedProxy relayTo(TcpServer server) {
        return bed.start(setting::apply, setting.route().to(server.hostPort()));
    }

    private Testbed.Pair pair() throws Exception {
        TcpServer server = bed.server(setting.upstream());
        return bed.pair(relayTo(server), server);
    }

    @Test
    void theClientsEndBecomesTheUpstreamsWhichMayGoOnSending() throws Exception {
        Testbed.Pair flow = pair();

        flow.client().send("question").endStream();
        flow.upstream().expect("question").expectEnd();
        flow.upstream().send("answer");
        flow.client().expect("answer");
        flow.upstream().send(" and more").endStream();

        flow.client().expect(" and more").expectEnd();
    }

    @Test
    void theUpstreamsEndBecomesTheClientsWhichMayGoOnSending() throws Exception {
        Testbed.Pair flow = pair();

        flow.upstream().send("greeting").endStream();
        flow.client().expect("greeting").expectEnd();
        flow.client().send("upload");
        flow.upstream().expect("upload");
        flow.client().send(" and more").endStream();

        flow.upstream().expect(" and more").expectEnd();
    }

    @Test
    void bothHalvesClosedCloseBothSocketsAndTheFlowWithOneReason() throws Exception {
        assumeTrue(OpenSockets.areListed());
        TcpServer server = bed.server(setting.upstream());
        StartedProxy proxy = relayTo(server);
        int before = OpenSockets.count();
        Testbed.Pair flow = bed.pair(proxy, server);
        int testOwn = 2;
        assertThat(OpenSockets.count()).isEqualTo(before + testOwn + 2);

        flow.client().endStream();
        flow.upstream().expectEnd().endStream();
        flow.client().expectEnd();

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
        assertThat(proxy.metrics().ended(CloseReason.DONE)).isEqualTo(1);
        assertThat(proxy.metrics().active()).isZero();
        Await.until("both sockets of the flow are closed", () -> OpenSockets.count() == before + testOwn);
    }

    @Test
    void whatIsPendingToASlowClientArrivesBeforeTheEndOfAnUpstreamThatHasClosed() throws Exception {
        int size = 8_000_000;
        TcpServer server = bed.server(setting.upstream());
        StartedProxy proxy = relayTo(server);
        TcpPeer client = bed.own(TcpPeer.connect(proxy.address(), SMALL_BUFFER));
        TcpPeer upstream = server.accept();

        Future<Payload> sent = bed.fork(() -> {
            Payload payload = Payload.send(upstream.out(), size, SEED);
            upstream.close();
            return payload;
        });
        Await.until("the client is too slow", () -> proxy.server().metrics().bufferBytesHeld() > 0);
        Payload received = Payload.receive(client.in(), Long.MAX_VALUE);

        assertThat(received).isEqualTo(Await.result(sent));
        client.close();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
    }

    @Test
    void flushingTowardsAStalledUpstreamGoesOnAfterTheClientIsGone() throws Exception {
        TcpServer server = bed.server(setting.upstream()).receiveBuffer(SMALL_BUFFER);
        StartedProxy proxy = relayTo(server);
        Testbed.Pair flow = bed.pair(proxy, server);

        Payload sent = flow.client().fill(SEED);
        flow.client().close();
        assertThat(proxy.server().metrics().bufferBytesHeld()).isPositive();
        Payload received = Payload.receive(flow.upstream().in(), Long.MAX_VALUE);

        assertThat(received).isEqualTo(sent);
        flow.upstream().close();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
    }
}
