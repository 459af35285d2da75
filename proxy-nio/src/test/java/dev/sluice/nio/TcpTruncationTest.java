package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.Route;
import dev.sluice.Shutdown;
import dev.sluice.TcpRoute;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer that is cut short ends with a reset and never with an end of stream, so that it does not look complete. */
class TcpTruncationTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final long SEED = 11;
    private static final int SMALL_BUFFER = 8 * 1024;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;
    private TcpPeer client;
    private TcpPeer upstream;

    private void start(CloseReason ending) throws IOException {
        TcpServer server = bed.server();
        TcpRoute.Builder route = Route.tcp("web").listen("127.0.0.1", 0);
        switch (ending) {
            case IDLE -> route.idleTimeout(SHORT);
            case HALF_CLOSED -> route.halfClosedTimeout(SHORT);
            case MAX_DURATION -> route.maxDuration(SHORT, 0);
            default -> assertThat(ending).isEqualTo(CloseReason.SHUTDOWN);
        }
        proxy = bed.start(route.to(server.hostPort()));
        client = bed.own(TcpPeer.connect(proxy.address(), SMALL_BUFFER));
        upstream = server.accept();
    }

    /** The client does not read before all is over, so that most of the answer is still on its way by then. */
    @ParameterizedTest
    @EnumSource(names = {"IDLE", "HALF_CLOSED", "MAX_DURATION", "SHUTDOWN"})
    void bothSidesAreReset(CloseReason ending) throws Exception {
        start(ending);
        if (ending == CloseReason.HALF_CLOSED) {
            client.endStream();
        }

        Future<Payload> answer = bed.fork(() -> Payload.send(upstream.out(), Long.MAX_VALUE, SEED));
        if (ending == CloseReason.SHUTDOWN) {
            Await.until("the answer is under way", () -> proxy.metrics().bytesToClient() > 0);
            assertThat(proxy.server().shutdown(SHORT)).isEqualTo(Shutdown.FORCED);
        }
        CloseReason reason = proxy.log().awaitEnd().reason();
        Payload received = client.receiveUntilReset();

        assertThat(reason).isEqualTo(ending);
        assertThat(received).isEqualTo(Payload.of(received.bytes(), SEED));
        // Who has read an end of stream is told so of a reset.
        String told = ending == CloseReason.HALF_CLOSED ? "Broken pipe" : "reset";
        assertThatThrownBy(() -> Await.result(answer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(told);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aForcedDrainResetsSidesThatAreSilent(boolean atOnce) throws Exception {
        start(CloseReason.SHUTDOWN);
        client.send("question");
        upstream.expect("question").send("half an ans");
        client.expect("half an ans");

        proxy.server().shutdown(atOnce ? Duration.ZERO : SHORT);

        client.expectReset();
        upstream.expectReset();
    }
}
