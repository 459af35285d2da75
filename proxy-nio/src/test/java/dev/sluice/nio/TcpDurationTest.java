package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long a connection may last, whatever happens on it. */
class TcpDurationTest {
    private static final Duration MOST = Duration.ofMillis(200);
    private static final long SEED = 9;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private static TcpRoute.Builder route(String name, Duration most, double jitter) {
        return Route.tcp(name).listen("127.0.0.1", 0).maxDuration(most, jitter);
    }

    private static void expectMaxDuration(FlowEnd end) {
        assertThat(end.reason()).isEqualTo(CloseReason.MAX_DURATION);
        assertThat(end.took()).isGreaterThanOrEqualTo(MOST);
    }

    @Test
    void aConnectionIsResetOnBothSidesHoweverBusyItIs() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = bed.start(route("web", MOST, 0).to(server.hostPort()));
        Testbed.Pair flow = bed.pair(proxy, server);

        Future<Payload> sent = bed.fork(() -> Payload.send(flow.upstream().out(), Long.MAX_VALUE, SEED));
        Payload received = Await.result(bed.fork(flow.client()::receiveUntilReset));

        assertThatThrownBy(() -> Await.result(sent))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
        assertThat(received).isEqualTo(Payload.of(received.bytes(), SEED));
        expectMaxDuration(proxy.log().awaitEnd());
    }

    @Test
    void aConnectionThatStillDialsIsResetToo() throws Exception {
        HeldResolver resolver = new HeldResolver().holds("backend.example");
        StartedProxy proxy = bed.start(
                builder -> builder.resolver(resolver), route("web", MOST, 0).to("backend.example:80"));

        bed.connect(proxy).expectReset();

        expectMaxDuration(proxy.log().awaitEnd());
    }

    /** With 50 connections, the chance that chance lengthens none by a tenth of what it may is one in 10^50. */
    @Test
    void theJitterOnlyLengthens() throws Exception {
        int count = 50;
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(route("web", MOST, 1).to(server.hostPort()));
        for (int i = 0; i < count; i++) {
            bed.connect(proxy);
        }

        List<FlowEnd> ends = proxy.log().awaitEnds(count);

        assertThat(ends).allSatisfy(TcpDurationTest::expectMaxDuration);
        assertThat(ends)
                .extracting(FlowEnd::took)
                .anyMatch(took -> took.compareTo(MOST.multipliedBy(11).dividedBy(10)) > 0);
    }

    @Test
    void aMaximumOfZeroIsNone() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                route("for-ever", Duration.ZERO, 1).to(server.hostPort()),
                route("briefly", MOST, 0).to(server.hostPort()));
        TcpPeer stays = bed.connect(proxy).send("stay").expect("stay");

        bed.connect(proxy.server().route("briefly").localAddress()).expectReset();

        assertThat(proxy.log().awaitEnd().info().route()).isEqualTo("briefly");
        stays.send("still").expect("still");
    }
}
