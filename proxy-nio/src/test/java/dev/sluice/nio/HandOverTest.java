package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Leaving;
import dev.sluice.NameResolver;
import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.route.Permits;
import dev.sluice.nio.socket.Sockets;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.Payload;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A platform where sockets cannot share a port: the first worker accepts for all, and hands over in turn. */
class HandOverTest {
    private static final int WORKERS = 3;
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final long SEED = 13;
    private static final int BUDGET = 1 << 20;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);
    /** The workers that were asked for an upstream, in order. */
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    private final UpstreamSelector remembering = (candidates, flow) -> {
        String thread = Thread.currentThread().getName();
        asked.add(thread.substring(thread.indexOf("worker-")));
        return 0;
    };

    /** Starts a server as on such a platform; what a test does not set is fixed. */
    private static final class ElsewhereBuilder implements ProxyServer.Builder {
        private String name;
        private ProxyListener listener;

        @Override
        public ProxyServer.Builder name(String threadPrefix) {
            name = "sluice-" + threadPrefix;
            return this;
        }

        @Override
        public ProxyServer.Builder listener(ProxyListener l) {
            listener = l;
            return this;
        }

        @Override
        public ProxyServer.Builder workers(int n) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProxyServer.Builder maxConnections(int n) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProxyServer.Builder bufferBudget(long bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProxyServer.Builder resolver(NameResolver r) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ProxyServer start(Route... routes) {
            Sockets sockets = new Sockets(SelectorProvider.provider(), false);
            Workers workers =
                    new Workers(name, WORKERS, sockets, new BufferBudget(BUDGET), new Permits(Integer.MAX_VALUE));
            NioServer server = new NioServer(workers, new Events(listener), NameResolver.system());
            server.start(List.of(routes));
            return server;
        }
    }

    private StartedProxy started(Route... routes) {
        return bed.start(builder -> new ElsewhereBuilder(), routes);
    }

    private Upstreams remembered(String upstream) {
        return Upstreams.of(upstream).select(remembering);
    }

    private static TcpRoute.Builder web() {
        return Route.tcp("web").listen("127.0.0.1", 0);
    }

    private List<TcpPeer> served(StartedProxy proxy, int count) throws IOException {
        List<TcpPeer> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(bed.connect(proxy).send("in").expect("in"));
        }
        return clients;
    }

    @Test
    void connectionsGoToAllWorkersInTurn() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(web().to(remembered(server.hostPort())));

        served(proxy, 3 * WORKERS);

        assertThat(asked)
                .isEqualTo(IntStream.range(0, 3 * WORKERS)
                        .mapToObj(i -> "worker-" + i % WORKERS)
                        .toList());
        assertThat(proxy.route().flows()).hasSize(3 * WORKERS);
    }

    @Test
    void oneSocketListensForAll() {
        assumeTrue(OpenSockets.areListed());
        int before = (int) Await.standstill(OpenSockets::count);

        started(web().to("127.0.0.1:9"), Udp.route().to("127.0.0.1:9"));

        assertThat(OpenSockets.count()).isEqualTo(before + 2);
    }

    @Test
    void onEachWorkerBytesPassUnchangedAndEachEndOfStreamByItself() throws Exception {
        long bytes = 1_000_003;
        TcpServer server = bed.server();
        StartedProxy proxy = started(web().to(server.hostPort()));
        for (int i = 0; i < WORKERS; i++) {
            Testbed.Pair flow = bed.pair(proxy, server);

            Future<Payload> sent = bed.fork(() -> Payload.send(flow.client().out(), bytes, SEED));
            assertThat(Payload.receive(flow.upstream().in(), bytes)).isEqualTo(Await.result(sent));
            flow.client().endStream();
            flow.upstream().expectEnd().send("an answer").endStream();
            flow.client().expect("an answer").expectEnd();
        }

        assertThat(proxy.log().awaitEnds(WORKERS)).extracting(FlowEnd::reason).containsOnly(CloseReason.DONE);
        assertThat(proxy.metrics().bytesToUpstream()).isEqualTo(WORKERS * bytes);
    }

    /** Nothing tells there when the last bytes have left, so that an end of stream takes the place of the reset. */
    @Test
    void onEachWorkerAResetIsPassedOnUnlessBytesMayBeUnderWay() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = started(web().to(server.hostPort()));
        for (int i = 0; i < WORKERS; i++) {
            Testbed.Pair untouched = bed.pair(proxy, server);
            untouched.client().reset();
            untouched.upstream().expectReset();
        }
        for (int i = 0; i < WORKERS; i++) {
            Testbed.Pair used = bed.pair(proxy, server);
            used.client().send("hello");
            used.upstream().expect("hello").send("welcome");
            used.client().expect("welcome").reset();
            used.upstream().expectEnd();
        }

        assertThat(proxy.log().awaitEnds(2 * WORKERS))
                .extracting(FlowEnd::reason)
                .containsOnly(CloseReason.CLIENT_RESET);
    }

    @Test
    void onEachWorkerAnIdleConnectionIsReset() throws Exception {
        TcpServer server = bed.server();
        StartedProxy proxy = started(web().idleTimeout(SHORT).to(server.hostPort()));

        for (int i = 0; i < WORKERS; i++) {
            bed.connect(proxy).expectReset();
        }

        assertThat(proxy.log().awaitEnds(WORKERS)).extracting(FlowEnd::reason).containsOnly(CloseReason.IDLE);
    }

    @Test
    void theRoutesLimitCountsThoseOfAllWorkersAndAFreedPlaceIsUsable() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(web().maxConnections(4).to(server.hostPort()));
        List<TcpPeer> clients = served(proxy, 4);
        for (int i = 0; i < WORKERS; i++) {
            Knock.at(proxy.address()).expectReset().close();
        }
        Await.until("they are refused", () -> proxy.metrics().ended(CloseReason.LIMIT_ROUTE) == WORKERS);

        clients.get(1).endStream().expectEnd();
        Await.until("one has gone", () -> proxy.metrics().active() == 3);

        served(proxy, 1);
        Knock.at(proxy.address()).expectReset().close();
        clients.get(3).send("still").expect("still");
    }

    @Test
    void aBudgetThatIsFullOfWhatOtherWorkersHoldDoesNotShutTheDoor() throws Exception {
        TcpServer server = bed.server().receiveBuffer(8 * 1024);
        StartedProxy proxy = started(web().to(server.hostPort()));
        List<Testbed.Pair> others = new ArrayList<>();
        for (int i = 0; i < 20 * WORKERS; i++) {
            Testbed.Pair pair = bed.pair(proxy, server);
            if (i % WORKERS != 0) {
                others.add(pair);
            }
        }
        Iterator<Testbed.Pair> next = others.iterator();
        LongSupplier held = () -> proxy.server().metrics().bufferBytesHeld();
        while (held.getAsLong() <= BUDGET - Buffers.LARGE) {
            long before = held.getAsLong();
            next.next().client().fill(SEED, () -> held.getAsLong() > before);
        }

        bed.connect(proxy);

        server.accept();
    }

    @Test
    void aReplacedRouteHasItsNewSettingsOnEachWorker() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(web().to(server.hostPort()));
        List<TcpPeer> old = served(proxy, WORKERS);

        proxy.server().replace(web().idleTimeout(SHORT).to(server.hostPort()));

        for (int i = 0; i < WORKERS; i++) {
            bed.connect(proxy).expectReset();
            old.get(i).send("still").expect("still");
        }
        assertThat(proxy.log().awaitEnds(WORKERS)).extracting(FlowEnd::reason).containsOnly(CloseReason.IDLE);
    }

    @Test
    void aRemovedRouteFreesItsPortAndEndsItsFlowsOnEachWorker() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(web().to(server.hostPort()));
        List<TcpPeer> clients = served(proxy, WORKERS);
        int port = proxy.route().port();

        proxy.server().remove("web", Leaving.close());

        new ServerSocket(port, 1, Family.IPV4.address()).close();
        clients.forEach(TcpPeer::expectReset);
    }

    /** A client that the kernel has taken before is handed over like any other, and reset by the worker that got it. */
    @Test
    void closingResetsThoseOfAllWorkersAndThoseThatWereJustComing() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(web().to(server.hostPort()));
        List<TcpPeer> clients = served(proxy, 2 * WORKERS);
        List<Knock> coming = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            coming.add(bed.own(Knock.at(proxy.address())));
        }

        proxy.server().close();

        clients.forEach(TcpPeer::expectReset);
        for (Knock each : coming) {
            each.expectReset();
        }
        assertThat(proxy.log().ended()).hasSize(2 * WORKERS + coming.size());
        assertThat(proxy.log().ended()).extracting(FlowEnd::reason).containsOnly(CloseReason.SHUTDOWN);
    }

    @Test
    void aUdpListenerStaysOnOneWorker() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.endingSessions(started(Udp.route().to(remembered(server.hostPort()))));

        for (int i = 0; i < 10; i++) {
            udp.peer().exchange(proxy.address(), "query");
        }

        assertThat(asked).hasSize(10).containsOnly("worker-0");
        assertThat(server.clients()).hasSize(10);
    }
}
