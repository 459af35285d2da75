package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A receiver that does not keep up: the sender has to wait, and little is held for it meanwhile. */
class TcpStallTest {
    private static final long SEED = 10;
    private static final int MEBIBYTE = 1 << 20;
    private static final int MOST_HELD = 256 * 1024;
    /** Of a reader that had kept up before. */
    private static final int MOST_HELD_AT_FIRST = 2 * MEBIBYTE;

    private static final int SOCKET_BUFFER = 128 * 1024;
    /** More than the kernels on the way take: since Linux 6.17 a receive buffer may grow to 32 MiB. */
    private static final long MUCH = 100L * MEBIBYTE;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    private Testbed.Pair pair() throws IOException {
        TcpServer server = bed.server().receiveBuffer(SOCKET_BUFFER);
        proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer client = bed.own(TcpPeer.connect(proxy.address(), SOCKET_BUFFER));
        return new Testbed.Pair(client, server.accept());
    }

    private long held() {
        return proxy.server().metrics().bufferBytesHeld();
    }

    private Future<Payload> send(TcpPeer sender, long bytes) {
        return bed.fork(() -> {
            Payload payload = Payload.send(sender.out(), bytes, SEED);
            sender.endStream();
            return payload;
        });
    }

    /** Reads so many bytes, and sees all the while how much is held. */
    private void read(TcpPeer reader, long bytes, CRC32C checksum, long mostHeld) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (long left = bytes; left > 0; ) {
            int count = reader.in().read(buffer, 0, (int) Math.min(left, buffer.length));
            assertThat(count).as("%d bytes before all have come", left).isPositive();
            assertThat(held()).isLessThanOrEqualTo(mostHeld);
            checksum.update(buffer, 0, count);
            left -= count;
        }
    }

    /** The sender is made to wait three times: at the start, and twice when it has been let go on. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSenderIsPausedAndResumedAndAllArrives(boolean byClient) throws Exception {
        long size = MUCH;
        Testbed.Pair flow = pair();
        TcpPeer reader = byClient ? flow.upstream() : flow.client();
        LongSupplier passed = () ->
                byClient ? proxy.metrics().bytesToUpstream() : proxy.metrics().bytesToClient();
        Future<Payload> sent = send(byClient ? flow.client() : flow.upstream(), size);

        CRC32C checksum = new CRC32C();
        long part = 5L * MEBIBYTE;
        for (int parts = 0; parts < 3; parts++) {
            Await.until("the reader is stalled", () -> held() > 0);
            assertThat(Await.standstill(passed)).isLessThan(parts * part + 10 * MEBIBYTE);
            assertThat(held()).isBetween(1L, (long) MOST_HELD);
            assertThat(sent).isNotDone();
            read(reader, part, checksum, MOST_HELD);
        }
        read(reader, size - 3 * part, checksum, MOST_HELD_AT_FIRST);
        reader.expectEnd().close();

        assertThat(new Payload(size, checksum.getValue())).isEqualTo(Await.result(sent));
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
        assertThat(end.bytesToUpstream() + end.bytesToClient()).isEqualTo(size);
    }

    @Test
    void bothDirectionsMayBeStalledAndAllArrives() throws Exception {
        long size = MUCH;
        Testbed.Pair flow = pair();
        Future<Payload> up = send(flow.client(), size);
        Future<Payload> down = send(flow.upstream(), size);
        Await.until("both are stalled", () -> held() > 0);
        Await.standstill(
                () -> proxy.metrics().bytesToUpstream() + proxy.metrics().bytesToClient());
        assertThat(held()).isBetween(1L, 2L * MOST_HELD);
        assertThat(up).isNotDone();
        assertThat(down).isNotDone();

        Future<Payload> upReceived =
                bed.fork(() -> Payload.receive(flow.upstream().in(), Long.MAX_VALUE));
        Payload downReceived = Payload.receive(flow.client().in(), Long.MAX_VALUE);

        assertThat(Await.result(upReceived)).isEqualTo(Await.result(up));
        assertThat(downReceived).isEqualTo(Await.result(down));
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
    }
}
