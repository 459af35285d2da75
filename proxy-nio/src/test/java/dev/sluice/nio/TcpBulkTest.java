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
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A lot at once, and what that does to others. */
class TcpBulkTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final long SEED = 2;

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Test
    void aGibibyteAtOncePassesUnchangedAndIsCountedExactly() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = bed.start(Route.tcp("tcp").listen("127.0.0.1", 0).to(server.hostPort()));
        Testbed.Pair flow = bed.pair(proxy, server);

        Future<Payload> sent = bed.fork(() -> {
            Payload payload = Payload.send(flow.upstream().out(), GIBIBYTE, SEED);
            flow.upstream().close();
            return payload;
        });
        Payload received = Payload.receive(flow.client().in(), Long.MAX_VALUE);
        flow.client().close();

        assertThat(received).isEqualTo(Await.result(sent));
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
        assertThat(end.bytesToClient()).isEqualTo(GIBIBYTE);
        assertThat(end.bytesToUpstream()).isZero();
        assertThat(proxy.metrics().bytesToClient()).isEqualTo(GIBIBYTE);
    }

    @Test
    void oneBusyConnectionDoesNotStarveTheOthersOfItsWorker() throws Exception {
        TcpServer sink = bed.server(client -> client.in().transferTo(OutputStream.nullOutputStream()));
        TcpServer echo = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                server -> server.workers(1),
                Route.tcp("bulk").listen("127.0.0.1", 0).to(sink.hostPort()),
                Route.tcp("echo").listen("127.0.0.1", 0).to(echo.hostPort()));
        List<Future<Payload>> busy = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            TcpPeer client = bed.connect(proxy);
            busy.add(bed.fork(() -> Payload.send(client.out(), Long.MAX_VALUE, SEED)));
        }
        Await.until("bulk flows", () -> proxy.metrics().bytesToUpstream() > 0);

        TcpPeer other = bed.connect(proxy.server().route("echo").localAddress());
        long before = proxy.metrics().bytesToUpstream();
        for (int i = 0; i < 200; i++) {
            other.send("ping").expect("ping");
        }

        assertThat(busy).noneMatch(Future::isDone);
        assertThat(proxy.metrics().bytesToUpstream()).isGreaterThan(before);
    }

    /** Two writes without the answer to the first: with Nagle's algorithm at work the second waits 40 ms each time. */
    @Test
    void aRequestInTwoWritesIsRelayedWithoutADelayedAcknowledgementStall() throws Exception {
        TcpServer server = bed.server(client -> {
            while (client.in().readNBytes(10).length == 10) {
                client.send("answer");
            }
        });
        StartedProxy proxy = bed.start(Route.tcp("tcp").listen("127.0.0.1", 0).to(server.hostPort()));
        TcpPeer client = bed.connect(proxy);

        long[] rounds = new long[5];
        for (int round = 0; round < rounds.length; round++) {
            long begun = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                client.send("first").send("later").expect("answer");
            }
            rounds[round] = System.nanoTime() - begun;
        }

        // The best of several, since a busy host may stall anybody.
        assertThat(LongStream.of(rounds).min().getAsLong()).isLessThan(20 * 40_000_000L / 2);
    }
}
