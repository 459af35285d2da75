package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.TcpSetting;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A write fails because its receiver has gone: that ends one direction, and what the receiver had sent is delivered all
 * the same. Who goes is paused or has ended its stream, so that nothing but the write tells of it.
 */
@ParameterizedClass
@MethodSource("dev.sluice.nio.testkit.TcpSetting#matrix")
class TcpFailureTest {
    private static final long SEED = 12;
    private static final int SMALL_BUFFER = 8 * 1024;
    /** More than the reader's own buffers take, less than the kernel takes for it. */
    private static final int ANSWER = 500_000;
    /** More than any buffers take: who can send it all is not made to wait. */
    private static final int UNHEARD = 20_000_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Parameter
    TcpSetting setting;

    private StartedProxy proxy;
    /** Sends an answer and goes. */
    private TcpPeer goes;
    /** Still sends when the other has gone, and only then reads the answer. */
    private TcpPeer stays;
    /** Bytes of the answer that have been passed on. */
    private LongSupplier passed;

    private void start(boolean clientGoes) throws IOException {
        TcpServer server = bed.server(setting.upstream()).receiveBuffer(SMALL_BUFFER);
        proxy = bed.start(setting::apply, setting.route().to(server.hostPort()));
        TcpPeer client = bed.own(TcpPeer.connect(proxy.address(), SMALL_BUFFER));
        TcpPeer upstream = server.accept();
        goes = clientGoes ? client : upstream;
        stays = clientGoes ? upstream : client;
        stays.send("question");
        goes.expect("question");
        passed = () ->
                clientGoes ? proxy.metrics().bytesToUpstream() : proxy.metrics().bytesToClient();
    }

    private void expectReason(boolean clientGoes) {
        assertThat(proxy.log().awaitEnd().reason())
                .isEqualTo(clientGoes ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatHasEndedArrivesWithItsEnd(boolean clientGoes) throws Exception {
        start(clientGoes);
        Payload answer = Payload.send(goes.out(), ANSWER, SEED);
        goes.endStream();
        Await.until("the answer is passed on", () -> passed.getAsLong() == ANSWER);
        proxy.awaitTurn();

        goes.reset();
        Await.result(bed.fork(() -> Payload.send(stays.out(), UNHEARD, SEED)));
        Payload received = Payload.receive(stays.in(), Long.MAX_VALUE);

        assertThat(received).isEqualTo(answer);
        stays.close();
        expectReason(clientGoes);
    }

    /** Part of the answer is still with the proxy when the write fails, and part has not even been read. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatHasNotEndedArrivesBeforeAReset(boolean clientGoes) throws Exception {
        start(clientGoes);
        byte[] answer = goes.sendUntilHeld(proxy, passed, SEED);

        goes.reset();
        stays.send("nobody hears this");
        proxy.awaitTurn();
        byte[] received = stays.in().readNBytes(answer.length);
        stays.expectReset();

        assertThat(received).isEqualTo(answer);
        expectReason(clientGoes);
    }
}
