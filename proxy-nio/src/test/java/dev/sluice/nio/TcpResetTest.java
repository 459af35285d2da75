package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.TcpSetting;
import dev.sluice.nio.testkit.Testbed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A side that goes without a word: the other learns of it by a reset, after all that was sent before. */
@ParameterizedClass
@MethodSource("dev.sluice.nio.testkit.TcpSetting#matrix")
class TcpResetTest {
    private static final long SEED = 5;
    private static final int SMALL_BUFFER = 8 * 1024;

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Parameter
    TcpSetting setting;

    private StartedProxy proxy;

    private Testbed.Pair pair() throws IOException {
        TcpServer server = bed.server(setting.upstream()).receiveBuffer(SMALL_BUFFER);
        proxy = bed.start(setting::apply, setting.route().to(server.hostPort()));
        TcpPeer client = bed.own(TcpPeer.connect(proxy.address(), SMALL_BUFFER));
        Testbed.Pair flow = new Testbed.Pair(client, server.accept());
        // An upstream that resets before anything passed would be replaced by another.
        client.send("hello");
        flow.upstream().expect("hello").send("welcome");
        client.expect("welcome");
        return flow;
    }

    private CloseReason reason() {
        return proxy.log().awaitEnd().reason();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResetFromEitherSideBecomesAResetOnTheOther(boolean byClient) throws Exception {
        Testbed.Pair flow = pair();

        (byClient ? flow.client() : flow.upstream()).reset();

        (byClient ? flow.upstream() : flow.client()).expectReset();
        assertThat(reason()).isEqualTo(byClient ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET);
    }

    /**
     * The receiver does not read until the sender is gone. All of it has left the sender, who otherwise would throw
     * away the rest himself: some is held by the proxy, some waits unread, most is in the kernel's buffer for the
     * receiver.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aResetComesAfterAllThatWasSentBeforeItToASlowReaderToo(boolean byClient) throws Exception {
        Testbed.Pair flow = pair();
        TcpPeer sender = byClient ? flow.client() : flow.upstream();
        TcpPeer reader = byClient ? flow.upstream() : flow.client();
        LongSupplier passed = byClient
                ? () -> proxy.metrics().bytesToUpstream() - "hello".length()
                : () -> proxy.metrics().bytesToClient() - "welcome".length();

        byte[] sent = sender.sendUntilHeld(proxy, passed, SEED);
        sender.reset();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        received.write(reader.in().readNBytes(sent.length));
        reader.expectReset();

        assertThat(sent).hasSizeGreaterThan(1_000_000);
        assertThat(received.toByteArray()).isEqualTo(sent);
        assertThat(reason()).isEqualTo(byClient ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET);
    }

    /**
     * Nothing of a socket is looked at whose end was read, until something is to be written to it. The other side was
     * sent all there was and its end; it may still be reading that, so it is not reset before it has ended too.
     */
    @Test
    void aResetOnASideThatHasEndedIsSeenWhenWritingToIt() throws Exception {
        Testbed.Pair flow = pair();
        flow.client().endStream();
        flow.upstream().expectEnd();

        flow.client().reset();
        flow.upstream().send("nobody is there").endStream();

        assertThat(reason()).isEqualTo(CloseReason.CLIENT_RESET);
    }

    /** The upstream takes nothing before it has got rid of what it sends, so that is read on, for nobody. */
    @Test
    void aResetWhileBothDirectionsAreStalledIsPassedOnAfterAllThatWasSentBefore() throws Exception {
        TcpServer server = bed.server(setting.upstream(), TcpServer::echo);
        StartedProxy proxy = bed.start(setting::apply, setting.route().to(server.hostPort()));
        TcpPeer client = bed.connect(proxy);

        client.fill(SEED);
        assertThat(proxy.server().metrics().bufferBytesHeld()).isPositive();
        client.reset();

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CLIENT_RESET);
    }
}
