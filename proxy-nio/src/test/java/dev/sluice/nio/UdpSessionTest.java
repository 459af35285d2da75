package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DropReason;
import dev.sluice.FlowEnd;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How UDP sessions begin and end. */
class UdpSessionTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    /** Well within the idle timeout, so that a slow machine does not look like silence. */
    private static final long PACE_MILLIS = 40;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    @Test
    void anIdleSessionIsRemovedAndItsPortFreed() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().idleTimeout(SHORT).to(server.hostPort()));
        udp.peer().exchange(proxy.address(), "hello");
        InetSocketAddress session = server.clients().get(0);

        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.IDLE);
        assertThat(end.took()).isBetween(SHORT, SHORT.multipliedBy(10));
        Await.until("the session's port is free", () -> isFree(session));
    }

    private static boolean isFree(InetSocketAddress address) {
        try (UdpPeer peer = UdpPeer.open(address)) {
            return peer.address().equals(address);
        } catch (IOException taken) {
            return false;
        }
    }

    @Test
    void theNextDatagramAfterIdlenessOpensANewSession() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().idleTimeout(SHORT).to(server.hostPort()));
        UdpPeer client = udp.peer();

        client.exchange(proxy.address(), "one");
        proxy.log().awaitEnd();
        client.exchange(proxy.address(), "two");

        assertThat(proxy.metrics().opened()).isEqualTo(2);
        assertThat(proxy.metrics().active()).isEqualTo(1);
    }

    @Test
    void requestsAloneKeepASession() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().idleTimeout(SHORT).to(upstream.hostPort()));
        UdpPeer client = udp.peer();

        List<InetSocketAddress> sessions = paced(() -> client.send(proxy.address(), "request"), upstream);

        assertThat(sessions).containsOnly(sessions.get(0));
        assertThat(proxy.metrics().opened()).isEqualTo(1);
    }

    @Test
    void answersAloneKeepASession() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().idleTimeout(SHORT).to(upstream.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "subscribe");
        InetSocketAddress session = upstream.expect("subscribe").from();

        paced(() -> upstream.send(session, "news"), client);

        assertThat(proxy.metrics().opened()).isEqualTo(1);
        assertThat(proxy.metrics().active()).isEqualTo(1);
    }

    private interface Send {
        void run() throws Exception;
    }

    /** Sends at a steady pace for several idle timeouts, and tells who each datagram came from. */
    private static List<InetSocketAddress> paced(Send send, UdpPeer receiver) throws Exception {
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        try {
            pace.scheduleAtFixedRate(
                    () -> {
                        try {
                            send.run();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    },
                    0,
                    PACE_MILLIS,
                    TimeUnit.MILLISECONDS);
            List<InetSocketAddress> senders = new ArrayList<>();
            for (long sent = 0; sent * PACE_MILLIS < 3 * SHORT.toMillis(); sent++) {
                senders.add(receiver.receive().from());
            }
            return senders;
        } finally {
            pace.shutdownNow();
        }
    }

    @Test
    void anIdleTimeoutOfZeroKeepsASession() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(
                Udp.route("for-ever").idleTimeout(Duration.ZERO).to(server.hostPort()),
                Udp.route("briefly").idleTimeout(SHORT).to(server.hostPort()));
        udp.peer().exchange(proxy.server().route("for-ever").localAddress(), "stay");
        udp.peer().exchange(proxy.server().route("briefly").localAddress(), "go");

        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.info().route()).isEqualTo("briefly");
        assertThat(proxy.server().route("for-ever").metrics().active()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void overTheSessionLimitIsDroppedAndCountedAndAFreedPlaceIsUsable(int workers) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(workers), Udp.route().maxSessions(3).to(server.hostPort()));
        List<UdpPeer> in = List.of(udp.peer(), udp.peer(), udp.peer());
        for (UdpPeer client : in) {
            client.exchange(proxy.address(), "in");
        }

        UdpPeer over = udp.peer();
        for (int i = 1; i <= 5; i++) {
            over.send(proxy.address(), "over");
            int dropped = i;
            Await.until("it is dropped", () -> proxy.metrics().drops(DropReason.SESSION_LIMIT) == dropped);
        }
        for (UdpPeer client : in) {
            client.exchange(proxy.address(), "still in");
        }
        assertThat(server.texts()).doesNotContain("over");
        assertThat(proxy.metrics().opened()).isEqualTo(3);

        proxy.route().flows().get(0).reset();
        Await.until("a place is free", () -> proxy.metrics().active() == 2);
        over.exchange(proxy.address(), "now in");
        assertThat(proxy.metrics().drops(DropReason.SESSION_LIMIT)).isEqualTo(5);
    }

    /** The limit is the route's, however many workers' sockets the sessions come in on at the same time. */
    @Test
    void theSessionLimitIsExactOverAllWorkers() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(4), Udp.route().maxSessions(10).to(server.hostPort()));

        for (int i = 0; i < 100; i++) {
            udp.peer().send(proxy.address(), "crowd");
        }
        Await.until(
                "all are in or dropped",
                () -> proxy.metrics().opened() + proxy.metrics().drops(DropReason.SESSION_LIMIT) == 100);

        assertThat(proxy.metrics().opened()).isEqualTo(10);
        Await.until("those in are answered", () -> proxy.metrics().datagramsToClient() == 10);
        assertThat(server.clients()).hasSize(10);
    }

    @Test
    void aSessionEndedByTheApplicationIsGoneAndTheClientMayComeAgain() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().to(server.hostPort()));
        UdpPeer client = udp.peer(Family.IPV4);

        client.exchange(proxy.address(), "one");
        proxy.route().flows().get(0).close();
        FlowEnd end = proxy.log().awaitEnd();
        client.exchange(proxy.address(), "two");

        assertThat(end.reason()).isEqualTo(CloseReason.CLOSED_BY_USER);
        assertThat(server.clients()).hasSize(2);
    }
}
