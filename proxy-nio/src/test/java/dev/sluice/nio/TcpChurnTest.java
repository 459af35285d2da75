package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.CloseReason;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.TcpRoute;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.DeafServer;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Histogram;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;
import javax.management.JMException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections that are opened, used and closed in all sorts of ways, many at once.
 *
 * <p>What is drawn for a seed is drawn again with {@code -Dsluice.churn.seed=N}.
 */
class TcpChurnTest {
    private static final int CONNECTIONS = 1_000;
    private static final int AT_ONCE = 20;
    private static final int LONGEST = 400_000;
    private static final int LISTENS_MILLIS = 50;
    private static final Duration SHORT = Duration.ofMillis(20);

    /** What a live flow cannot do without, and what may still point to one that is gone. */
    private static final List<String> TRACES = List.of(
            "dev.sluice.nio.tcp.Connection",
            "dev.sluice.nio.tcp.Dial",
            "dev.sluice.nio.loop.Timer",
            "sun.nio.ch.SelectionKeyImpl");

    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy proxy;

    /** What an upstream does; the first byte from its client says which. */
    private enum Manner {
        ECHO,
        ANSWER,
        SWALLOW,
        END_AND_SWALLOW,
        CLOSE,
        RESET;

        void serve(TcpPeer client) throws IOException {
            switch (this) {
                case ECHO -> TcpServer.echo(client);
                case ANSWER -> Payload.send(client.out(), LONGEST, 0);
                case SWALLOW -> client.in().transferTo(OutputStream.nullOutputStream());
                case END_AND_SWALLOW -> client.endStream().in().transferTo(OutputStream.nullOutputStream());
                case CLOSE -> client.close();
                case RESET -> client.reset();
            }
        }

        static void serveAsTold(TcpPeer client) throws IOException {
            int told = client.in().read();
            if (told >= 0) {
                values()[told].serve(client);
            }
        }
    }

    /** Starts routes to an upstream that answers, to one that refuses, and to one that does neither. */
    private void start(int workers) throws IOException {
        TcpServer server = bed.server(Manner::serveAsTold);
        ClosedPort closed = bed.own(ClosedPort.open(Family.IPV4));
        DeafServer deaf = bed.own(DeafServer.open(Family.IPV4));
        proxy = bed.start(
                builder -> builder.workers(workers),
                route("web").to(server.hostPort()),
                route("impatient").idleTimeout(SHORT).halfClosedTimeout(SHORT).to(server.hostPort()),
                route("brief").maxDuration(SHORT, 1).to(server.hostPort()),
                route("refused").to(closed.hostPort()),
                route("deaf").connectTimeout(SHORT).to(deaf.hostPort()));
    }

    private static TcpRoute.Builder route(String name) {
        return Route.tcp(name).listen("127.0.0.1", 0);
    }

    /** One client at one of the routes: says what it wants done, sends, perhaps listens, and leaves. */
    private void connect(Random random) {
        List<RunningRoute> routes = proxy.server().routes();
        int likelyTheFirst = Math.max(0, random.nextInt(3 * routes.size()) - 2 * routes.size());
        InetSocketAddress address = routes.get(likelyTheFirst).localAddress();
        try (TcpPeer client = TcpPeer.connect(address)) {
            use(client, random);
        } catch (IOException reset) {
            // As good an end as any.
        }
    }

    private static void use(TcpPeer client, Random random) throws IOException {
        if (random.nextInt(10) > 0) {
            client.out().write(random.nextInt(Manner.values().length));
            Payload.send(client.out(), random.nextInt(LONGEST) >> random.nextInt(19), 0);
        }
        if (random.nextBoolean()) {
            listen(client, random.nextInt(LONGEST) >> random.nextInt(19));
        }
        switch (random.nextInt(3)) {
            case 0 -> client.endStream().in().transferTo(OutputStream.nullOutputStream());
            case 1 -> client.reset();
            default -> client.close();
        }
    }

    private static void listen(TcpPeer client, int bytes) throws IOException {
        client.socket().setSoTimeout(LISTENS_MILLIS);
        try {
            Payload.receive(client.in(), bytes);
        } catch (SocketTimeoutException nothingMore) {
            // Not every upstream says something.
        }
        client.socket().setSoTimeout((int) Await.LONGEST.toMillis());
    }

    private void churn(long seed) throws Exception {
        List<Future<Void>> clients = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            Random random = new Random(seed + i);
            clients.add(bed.fork(() -> {
                for (int n = 0; n < CONNECTIONS / AT_ONCE; n++) {
                    connect(random);
                }
                return null;
            }));
        }
        for (Future<Void> client : clients) {
            Await.result(client);
        }
    }

    private static Map<String, Long> traces() {
        try {
            Map<String, Long> traces = new TreeMap<>(Histogram.here().bytes());
            traces.keySet().retainAll(TRACES);
            return traces;
        } catch (JMException e) {
            throw new AssertionError("a heap can be looked at", e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nothingIsLeftOfAThousandConnections(int workers) throws Exception {
        assumeTrue(OpenSockets.areListed());
        long seed = Long.getLong("sluice.churn.seed", System.nanoTime());
        start(workers);
        // What was closed before this test may take its time.
        long sockets = Await.standstill(OpenSockets::count);
        Map<String, Long> traces = traces();

        try {
            churn(seed);
            Await.until("all flows have ended", () -> proxy.server().metrics().active() == 0);
            Await.until("all sockets are closed", () -> OpenSockets.count() <= sockets);
            Await.until("no key, timer or flow is left", () -> traces().equals(traces));
            // Who has gone may still be accepted on a busy host, and has its bytes held for a moment.
            Await.until("no buffer is held", () -> proxy.server().metrics().bufferBytesHeld() == 0);
            // Who resets before being accepted is no flow.
            assertThat(proxy.server().metrics().opened()).isBetween(CONNECTIONS / 2L, (long) CONNECTIONS);
            expectVariety();
        } catch (Exception | AssertionError e) {
            throw new AssertionError("churn, seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** The chance that chance leaves one of these out is nil. */
    private void expectVariety() {
        for (CloseReason reason : List.of(
                CloseReason.DONE,
                CloseReason.CLIENT_RESET,
                CloseReason.UPSTREAM_RESET,
                CloseReason.IDLE,
                CloseReason.MAX_DURATION,
                CloseReason.CONNECT_REFUSED,
                CloseReason.CONNECT_TIMEOUT)) {
            assertThat(proxy.server().routes())
                    .as("routes with a flow that ended by %s", reason)
                    .anyMatch(route -> route.metrics().ended(reason) > 0);
        }
    }
}
