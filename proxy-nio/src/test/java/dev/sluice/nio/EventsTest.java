package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.ProxyListener;
import dev.sluice.Route;
import dev.sluice.ServerMetrics;
import dev.sluice.Transport;
import dev.sluice.Upstream;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.ThrowingListener;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the listener is told, and what a bad listener cannot do. */
class EventsTest {
    private static final long OBSERVED_NANOS = 100_000_000;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    /** An upstream that refuses. */
    private String refusing() throws IOException {
        return bed.own(ClosedPort.open(Family.IPV4)).hostPort();
    }

    private static Route web(String upstream) {
        return Route.tcp("web").listen("127.0.0.1", 0).to(upstream);
    }

    @Test
    void aConnectionsWholeStoryIsTold() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        Instant before = Instant.now();
        StartedProxy proxy = bed.start(web(server.hostPort()));
        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");

        client.endStream().expectEnd();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.info().route()).isEqualTo("web");
        assertThat(end.info().transport()).isEqualTo(Transport.TCP);
        assertThat(end.info().client()).isEqualTo(client.socket().getLocalSocketAddress());
        assertThat(end.upstream()).isEqualTo(Upstream.of(server.hostPort()));
        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
        assertThat(end.started()).isBetween(before, Instant.now());
        assertThat(end.took())
                .isBetween(end.dialled(), Duration.between(before, Instant.now().plusMillis(1)));
        assertThat(end.dialled()).isPositive();
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(end.bytesToUpstream()).isEqualTo(5);
        assertThat(end.bytesToClient()).isEqualTo(5);
        assertThat(proxy.log().opened()).containsExactly(Upstream.of(server.hostPort()));
    }

    @Test
    void aSessionsWholeStoryIsTold() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().requests(1).responses(1).to(server.hostPort()));
        UdpPeer client = udp.peer();

        client.exchange(proxy.address(), "hello");
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.info().transport()).isEqualTo(Transport.UDP);
        assertThat(end.info().client()).isEqualTo(client.address());
        assertThat(end.upstream()).isEqualTo(Upstream.of(server.hostPort()));
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(end.bytesToUpstream()).isEqualTo(5);
        assertThat(end.bytesToClient()).isEqualTo(5);
        assertThat(proxy.log().opened()).hasSize(1);
    }

    @Test
    void aFlowThatReachedNobodyIsToldWithTheLastOneTriedAndWasNeverOpened() throws Exception {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(refusing(), refusing()));

        bed.own(Knock.at(proxy.address()));
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
        assertThat(end.attempts()).isEqualTo(2);
        assertThat(end.dialled()).isZero();
        assertThat(end.upstream()).isEqualTo(proxy.upstream(1).upstream());
        assertThat(proxy.log().opened()).isEmpty();
    }

    @Test
    void aFlowThatIsRefusedIsToldWithoutAnUpstream() throws Exception {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(Upstreams.of(List.of())));

        bed.own(Knock.at(proxy.address()));
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.NO_UPSTREAM);
        assertThat(end.upstream()).isNull();
        assertThat(end.attempts()).isZero();
    }

    /** Ends of every kind at once; the test bed checks that there are as many as flows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eachFlowEndsOnceAndAfterItWasOpened(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        Set<FlowInfo> open = ConcurrentHashMap.newKeySet();
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        AtomicLong ends = new AtomicLong();
        ProxyListener checking = new ProxyListener() {
            @Override
            public void flowOpened(FlowInfo flow, Upstream upstream) {
                if (!open.add(flow)) {
                    wrong.add("opened twice: " + flow);
                }
            }

            @Override
            public void flowEnded(FlowEnd end) {
                boolean reached = end.reason() != CloseReason.LIMIT_ROUTE;
                if (open.remove(end.info()) != reached) {
                    wrong.add("not open: " + end.info() + " " + end.reason());
                }
                ends.incrementAndGet();
            }
        };
        StartedProxy proxy = bed.start(
                checking,
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).maxConnections(20).to(server.hostPort()));

        for (int i = 0; i < 200; i++) {
            try (Knock knock = Knock.at(proxy.address())) {
                assertThat(knock).isNotNull();
            }
        }
        Await.until("all are told", () -> ends.get() == 200);

        assertThat(wrong).isEmpty();
        assertThat(open).isEmpty();
    }

    @Test
    void aListenerThatIsTooSlowLosesEventsWhichAreCountedWhileTheRelayGoesOn() throws Exception {
        UdpServer server = udp.echo();
        CountDownLatch release = new CountDownLatch(1);
        AtomicLong heard = new AtomicLong();
        ProxyListener slow = new ProxyListener() {
            @Override
            public void flowOpened(FlowInfo flow, Upstream upstream) {
                heard.incrementAndGet();
            }

            @Override
            public void flowEnded(FlowEnd end) {
                Await.opened(release);
                heard.incrementAndGet();
            }
        };
        StartedProxy proxy = udp.endingSessions(bed.start(
                slow,
                builder -> builder.workers(2),
                Udp.route("syslog").requests(1).responses(0).to(udp.peer().hostPort()),
                Udp.route("dns").to(server.hostPort())));
        InetSocketAddress dns = proxy.server().route("dns").localAddress();
        UdpPeer client = udp.peer();
        UdpPeer sender = udp.peer();

        int sent = 0;
        while (proxy.server().metrics().eventsLost() < 100) {
            sender.send(proxy.address(), "a session of its own");
            sent++;
            client.exchange(dns, "still served");
        }
        release.countDown();

        int sessions = sent;
        Await.until("none of the relay's work is lost", () -> proxy.metrics().ended(CloseReason.ANSWERED) == sessions);
        assertThat(proxy.metrics().datagramsToUpstream()).isEqualTo(sessions);

        Await.until("what was not lost is heard", () -> {
            ServerMetrics metrics = proxy.server().metrics();
            long told = 2 * metrics.opened() - metrics.active();
            return heard.get() + metrics.eventsLost() == told;
        });
    }

    @Test
    void aListenerThatThrowsHearsTheNextEventAllTheSame() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        AtomicLong calls = new AtomicLong();
        ProxyListener throwing = new ProxyListener() {
            @Override
            public void flowOpened(FlowInfo flow, Upstream upstream) {
                calls.incrementAndGet();
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void flowEnded(FlowEnd end) {
                calls.incrementAndGet();
                throw new AssertionError("on purpose");
            }
        };
        StartedProxy proxy = bed.start(throwing, builder -> builder, web(server.hostPort()));

        for (int i = 0; i < 10; i++) {
            bed.connect(proxy).send("hello").expect("hello").endStream().expectEnd();
        }

        Await.until("each event was told", () -> calls.get() == 20);
        Await.until("each failure is counted", () -> proxy.server().metrics().listenerFailures() == 20);
    }

    /** In a process of its own, whose log is its standard error. */
    @Test
    void aListenerThatThrowsIsLoggedOnceForEachMethod() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChildJvm.testClass("warn", ThrowingListener.class))) {
            assertThat(child.awaitLines()).containsExactly("20");
            assertThat(child.errors().lines().filter(line -> line.contains("WARN")))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("The listener's flowOpened threw"))
                    .anyMatch(line -> line.contains("The listener's flowEnded threw"));
        }
    }

    /** An interrupt that the listener leaves behind must not keep the thread from waiting for the next event. */
    @Test
    void aListenerThatLeavesAnInterruptDoesNotMakeItsThreadSpin() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        AtomicReference<Thread> events = new AtomicReference<>();
        ProxyListener interrupting = new ProxyListener() {
            @Override
            public void flowEnded(FlowEnd end) {
                Thread.currentThread().interrupt();
                events.set(Thread.currentThread());
            }
        };
        StartedProxy proxy = bed.start(interrupting, builder -> builder, web(server.hostPort()));

        bed.connect(proxy).send("hello").expect("hello").endStream().expectEnd();
        Await.until("the event was told", () -> events.get() != null);

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long id = events.get().getId();
        long cpu = threads.getThreadCpuTime(id);
        long begun = System.nanoTime();
        Await.until("there was time to spin", () -> System.nanoTime() - begun > OBSERVED_NANOS);
        assertThat(threads.getThreadCpuTime(id) - cpu).isLessThan(OBSERVED_NANOS / 5);
    }

    /** Closing waits for the listener to hear what had happened by then. */
    @Test
    void whatHappenedBeforeTheCloseIsStillTold() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        List<FlowEnd> ends = Collections.synchronizedList(new ArrayList<>());
        StartedProxy proxy = bed.start(
                new ProxyListener() {
                    @Override
                    public void flowEnded(FlowEnd end) {
                        ends.add(end);
                    }
                },
                builder -> builder.workers(2),
                web(server.hostPort()));
        for (int i = 0; i < 100; i++) {
            bed.connect(proxy).send("hi").expect("hi");
        }

        proxy.server().close();

        assertThat(ends).hasSize(100).extracting(FlowEnd::reason).containsOnly(CloseReason.SHUTDOWN);
    }
}
