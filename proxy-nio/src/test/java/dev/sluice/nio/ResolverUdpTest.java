package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.FlowEnd;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Datagrams to an upstream that is known by its name. */
class ResolverUdpTest {
    private static final String NAME = "dns.example";
    /** How many datagrams a session keeps for an upstream whose address it does not know yet. */
    private static final int WAITING = 8;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);
    private final HeldResolver resolver = new HeldResolver();

    private StartedProxy started(String upstream) {
        return udp.start(
                builder -> builder.workers(2).resolver(resolver), Udp.route().to(upstream));
    }

    private static String at(UdpServer server) {
        return NAME + ":" + server.address().getPort();
    }

    @Test
    void whatComesDuringTheLookUpIsSentInOrderAfterwards() throws Exception {
        UdpServer server = udp.echo();
        resolver.knows(NAME, Family.IPV4.address()).holds(NAME);
        StartedProxy proxy = started(at(server));
        UdpPeer client = udp.peer();

        for (int i = 0; i < WAITING; i++) {
            client.send(proxy.address(), "datagram " + i);
        }
        Await.until("it is asked", () -> resolver.asked(NAME) == 1);
        assertThat(proxy.metrics().active()).isEqualTo(1);
        assertThat(proxy.upstream(0).opened()).isZero();
        resolver.release(NAME);

        for (int i = 0; i < WAITING; i++) {
            client.expect("datagram " + i, proxy.address());
        }
        client.exchange(proxy.address(), "later");
        assertThat(server.clients()).hasSize(1);
        assertThat(resolver.asked(NAME)).as("once for the session").isEqualTo(1);
        assertThat(proxy.upstream(0).opened()).isEqualTo(1);
        Await.until("its opening is told", () -> proxy.log().opened().size() == 1);
    }

    /** Held in the worker's hands, they count against the server's budget; and are given back. */
    @Test
    void moreThanAFewAreDroppedAndCounted() throws Exception {
        UdpServer server = udp.echo();
        resolver.knows(NAME, Family.IPV4.address()).holds(NAME);
        StartedProxy proxy = started(at(server));
        UdpPeer client = udp.peer();

        for (int i = 0; i < WAITING + 5; i++) {
            client.send(proxy.address(), "datagram " + i);
        }
        Await.until("the excess is dropped", () -> proxy.metrics().drops(DropReason.WAITING_LIMIT) == 5);
        assertThat(proxy.server().metrics().bufferBytesHeld()).isEqualTo(WAITING * "datagram 0".length());
        resolver.release(NAME);

        for (int i = 0; i < WAITING; i++) {
            client.expect("datagram " + i, proxy.address());
        }
        assertThat(proxy.server().metrics().bufferBytesHeld()).isZero();
    }

    @Test
    void aNameWithoutAnAddressEndsTheSessionAndDropsWhatWaited() throws Exception {
        resolver.holds(NAME);
        StartedProxy proxy = started(NAME + ":53");
        udp.peer().send(proxy.address(), "one").send(proxy.address(), "two");
        Await.until("it is asked", () -> resolver.asked(NAME) == 1);
        Await.until("both wait", () -> proxy.server().metrics().bufferBytesHeld() == 6);

        resolver.release(NAME);
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
        assertThat(proxy.metrics().drops(DropReason.UNRESOLVED)).isEqualTo(2);
        assertThat(proxy.metrics().dialFailures(DialFailure.UNRESOLVED)).isEqualTo(1);
        assertThat(proxy.upstream(0).dialFailures(DialFailure.UNRESOLVED)).isEqualTo(1);
        assertThat(proxy.log().opened()).isEmpty();
    }

    @Test
    void theNextDatagramAfterAFailedLookUpTriesAgain() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = started(at(server));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "too early");
        proxy.log().awaitEnd();

        resolver.knows(NAME, Family.IPV4.address());

        client.exchange(proxy.address(), "now");
    }

    @Test
    void aLookUpThatBlocksHoldsUpNoOtherSession() throws Exception {
        UdpServer server = udp.echo();
        resolver.holds(NAME);
        StartedProxy proxy = udp.start(
                builder -> builder.workers(1).resolver(resolver),
                Udp.route("slow").to(at(server)),
                Udp.route("fast").to(server.hostPort()));
        udp.peer().send(proxy.address(), "waits");
        Await.until("it is asked", () -> resolver.asked(NAME) == 1);
        UdpPeer client = udp.peer();

        for (int i = 0; i < 50; i++) {
            client.exchange(proxy.server().route("fast").localAddress(), "query " + i);
        }

        assertThat(proxy.metrics().active()).isEqualTo(1);
        resolver.release(NAME);
    }

    @Test
    void aSessionEndedDuringItsLookUpGivesItsDatagramsBack() throws Exception {
        UdpServer server = udp.echo();
        resolver.knows(NAME, Family.IPV4.address()).holds(NAME);
        StartedProxy proxy = started(at(server));
        UdpPeer client = udp.peer().send(proxy.address(), "never sent");
        Await.until("it waits", () -> proxy.server().metrics().bufferBytesHeld() == "never sent".length());

        Udp.endSessions(proxy);
        proxy.log().awaitEnd();
        resolver.release(NAME);
        client.exchange(proxy.address(), "sent");

        assertThat(server.texts()).containsExactly("sent");
        assertThat(proxy.server().metrics().bufferBytesHeld()).isZero();
    }

    /** No socket without leave to broadcast may be connected to the first. */
    @Test
    void theAddressesOfANameAreTriedInTurn() throws Exception {
        UdpServer server = udp.echo();
        resolver.knows(NAME, InetAddress.getByName("255.255.255.255"), Family.IPV4.address());
        StartedProxy proxy = started(at(server));

        udp.peer().exchange(proxy.address(), "hello").exchange(proxy.address(), "still");

        assertThat(server.clients()).hasSize(1);
        assertThat(proxy.upstream(0).opened()).isEqualTo(1);
        assertThat(proxy.metrics().active()).isEqualTo(1);
    }

    @Test
    void aSessionIsIdleAsSoonAsOneWithoutALookUp() throws Exception {
        UdpServer server = udp.echo();
        Duration idle = Duration.ofMillis(200);
        resolver.knows(NAME, Family.IPV4.address());
        StartedProxy proxy = udp.start(
                builder -> builder.resolver(resolver),
                Udp.route().idleTimeout(idle).to(at(server)));

        udp.peer().exchange(proxy.address(), "hello");
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.IDLE);
        assertThat(end.took()).isBetween(idle, Duration.ofSeconds(4));
    }
}
