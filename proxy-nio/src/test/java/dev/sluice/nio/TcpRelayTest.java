package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.nio.testkit.Await;
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

/** Bytes on their way through a TCP route, and how they are counted. */
@ParameterizedClass
@MethodSource("dev.sluice.nio.testkit.TcpSetting#matrix")
class TcpRelayTest {
    private static final long SEED = 1;

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Parameter
    TcpSetting setting;

    private StartedProxy relayTo(TcpServer server) {
        return bed.start(setting::apply, setting.route().to(server.hostPort()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_460, 16_383, 16_384, 16_385, 262_143, 262_144, 262_145, 5_000_011})
    void bytesPassUnchangedBothWaysInAnySize(int size) throws Exception {
        TcpServer server = bed.server(setting.upstream(), TcpServer::echo);
        StartedProxy proxy = relayTo(server);
        TcpPeer client = bed.connect(proxy);

        Future<Payload> sent = bed.fork(() -> {
            Payload payload = Payload.send(client.out(), size, SEED);
            client.endStream();
            return payload;
        });
        Payload received = Payload.receive(client.in(), Long.MAX_VALUE);

        assertThat(received).isEqualTo(Await.result(sent)).isEqualTo(Payload.of(size, SEED));
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.bytesToUpstream()).isEqualTo(size);
        assertThat(end.bytesToClient()).isEqualTo(size);
    }

    @Test
    void aServerThatSpeaksFirstReachesASilentClient() throws Exception {
        TcpServer server = bed.server(setting.upstream());
        StartedProxy proxy = relayTo(server);
        Testbed.Pair flow = bed.pair(proxy, server);

        flow.upstream().send("220 ready");

        flow.client().expect("220 ready");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countersAreExactAfterEitherSideCloses(boolean clientFirst) throws Exception {
        TcpServer server = bed.server(setting.upstream());
        StartedProxy proxy = relayTo(server);
        Testbed.Pair flow = bed.pair(proxy, server);
        flow.client().send("what");
        flow.upstream().expect("what").send("not much");
        flow.client().expect("not much");

        TcpPeer first = clientFirst ? flow.client() : flow.upstream();
        TcpPeer second = clientFirst ? flow.upstream() : flow.client();
        first.close();
        second.expectEnd().close();

        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
        assertThat(end.bytesToUpstream()).isEqualTo(4);
        assertThat(end.bytesToClient()).isEqualTo(8);
        assertThat(proxy.metrics().bytesToUpstream()).isEqualTo(4);
        assertThat(proxy.metrics().bytesToClient()).isEqualTo(8);
        assertThat(proxy.upstream(0).bytesToUpstream()).isEqualTo(4);
        assertThat(proxy.upstream(0).bytesToClient()).isEqualTo(8);
        assertThat(proxy.server().metrics().bytesToUpstream()).isEqualTo(4);
        assertThat(proxy.server().metrics().bytesToClient()).isEqualTo(8);
    }

    @Test
    void aFlowIsDescribedWhileItLivesAndWhenItHasEnded() throws Exception {
        TcpServer server = bed.server(setting.upstream(), TcpServer::echo);
        StartedProxy proxy = relayTo(server);
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        assertThat(proxy.route().flows()).singleElement().satisfies(flow -> {
            assertThat(flow.info().client()).isEqualTo(client.socket().getLocalSocketAddress());
            assertThat(flow.info().local()).isEqualTo(client.socket().getRemoteSocketAddress());
            assertThat(flow.upstream().address()).isEqualTo(server.address());
            assertThat(flow.bytesToUpstream()).isEqualTo(5);
            assertThat(flow.bytesToClient()).isEqualTo(5);
        });
        client.endStream().expectEnd();

        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.info().client()).isEqualTo(client.socket().getLocalSocketAddress());
        assertThat(end.upstream().address()).isEqualTo(server.address());
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(end.dialled()).isPositive().isLessThanOrEqualTo(end.took());
        assertThat(proxy.log().opened()).containsExactly(end.upstream());
    }
}
