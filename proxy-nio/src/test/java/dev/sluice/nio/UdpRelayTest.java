package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DropReason;
import dev.sluice.Route;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams through a proxy: who gets what, whole and in order. */
class UdpRelayTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    @ParameterizedTest
    @EnumSource(Family.class)
    void aReplyLeavesFromTheAddressThatTheClientSentTo(Family family) throws Exception {
        UdpServer server = udp.echo(family);
        StartedProxy proxy = udp.start(Route.udp("dns").listen(family.host(), 0).to(server.hostPort()));
        UdpPeer client = udp.peer(family);

        client.send(proxy.address(), "question").expect("question", proxy.address());

        assertThat(server.texts()).containsExactly("question");
        assertThat(server.clients()).doesNotContain(client.address());
    }

    @Test
    void familiesMayDifferBetweenClientAndUpstream() throws Exception {
        UdpServer six = udp.echo(Family.IPV6);
        UdpServer four = udp.echo(Family.IPV4);
        StartedProxy proxy = udp.start(
                Udp.route("four-to-six").to(six.hostPort()),
                Route.udp("six-to-four").listen(Family.IPV6.host(), 0).to(four.hostPort()));
        InetSocketAddress sixToFour = proxy.server().route("six-to-four").localAddress();

        udp.peer(Family.IPV4).exchange(proxy.address(), "up");
        udp.peer(Family.IPV6).exchange(sixToFour, "down");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eachClientHasAnUpstreamPortOfItsOwnAndGetsItsOwnRepliesInOrder(int workers) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(builder -> builder.workers(workers), Udp.route().to(server.hostPort()));
        List<UdpPeer> clients = List.of(udp.peer(), udp.peer(), udp.peer(), udp.peer());

        for (int burst = 0; burst < 10; burst++) {
            for (int i = 0; i < 10; i++) {
                for (UdpPeer client : clients) {
                    client.send(proxy.address(), client.address().getPort() + " says " + burst + i);
                }
            }
            for (UdpPeer client : clients) {
                for (int i = 0; i < 10; i++) {
                    client.expect(client.address().getPort() + " says " + burst + i, proxy.address());
                }
            }
        }
        assertThat(server.clients()).hasSize(clients.size());
        assertThat(proxy.metrics().opened()).isEqualTo(clients.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSessionStaysOnItsUpstream(int workers) throws Exception {
        UdpServer one = udp.echo();
        UdpServer two = udp.echo();
        StartedProxy proxy =
                udp.start(builder -> builder.workers(workers), Udp.route().to(one.hostPort(), two.hostPort()));
        UdpPeer client = udp.peer();
        UdpPeer other = udp.peer();

        for (int i = 0; i < 20; i++) {
            client.exchange(proxy.address(), "client " + i);
            other.exchange(proxy.address(), "other " + i);
        }

        assertThat(one.clients()).hasSize(1);
        assertThat(two.clients()).hasSize(1);
        assertThat(one.heard()).hasSize(20);
        assertThat(two.heard()).hasSize(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 512, 1_472, 1_501, 8_193, 16_385, UdpPeer.LONGEST})
    void aDatagramPassesWholeBothWays(int size) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().to(server.hostPort()));
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);

        UdpPeer.Datagram reply = udp.peer().send(proxy.address(), payload).receive();

        assertThat(reply.payload()).isEqualTo(payload);
        assertThat(server.heard())
                .singleElement()
                .extracting(UdpPeer.Datagram::payload)
                .isEqualTo(payload);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void emptyDatagramsPassBothWays(Family family) throws Exception {
        UdpServer server = udp.echo(family);
        StartedProxy proxy = udp.start(Route.udp("dns").listen(family.host(), 0).to(server.hostPort()));
        UdpPeer client = udp.peer(family);

        client.exchange(proxy.address(), "");
        client.exchange(proxy.address(), "between");
        client.exchange(proxy.address(), "");

        assertThat(server.texts()).containsExactly("", "between", "");
        assertThat(server.clients()).hasSize(1);
        assertThat(proxy.metrics().datagramsToUpstream()).isEqualTo(3);
        Await.until("three are counted", () -> proxy.metrics().datagramsToClient() == 3);
        assertThat(proxy.metrics().bytesToClient()).isEqualTo("between".length());
    }

    @Test
    void anEmptyReplyDoesNotLoseThoseWaitingBehindIt() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().to(upstream.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "burst");
        InetSocketAddress from = upstream.expect("burst").from();

        for (int i = 0; i < 50; i++) {
            upstream.send(from, "").send(from, "reply " + i);
            client.send(proxy.address(), "");
        }

        for (int i = 0; i < 50; i++) {
            client.expect("", proxy.address()).expect("reply " + i, proxy.address());
            upstream.expect("", from);
        }
    }

    @Test
    void whatIsLongerThanAllowedIsDroppedAndCountedNeverCut() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().maxDatagram(100).to(upstream.hostPort()));
        UdpPeer client = udp.peer();

        client.send(proxy.address(), "x".repeat(101)).send(proxy.address(), "x".repeat(100));
        InetSocketAddress session = upstream.expect("x".repeat(100)).from();
        upstream.send(session, "y".repeat(101))
                .send(session, "y".repeat(65_000))
                .send(session, "y".repeat(100));
        client.expect("y".repeat(100), proxy.address());

        assertThat(proxy.metrics().drops(DropReason.OVERSIZE)).isEqualTo(3);
        assertThat(proxy.metrics().datagramsToUpstream()).isEqualTo(1);
        Await.until("one is counted", () -> proxy.metrics().datagramsToClient() == 1);
    }

    @Test
    void anOversizeDatagramOpensNoSession() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().maxDatagram(10).to(server.hostPort()));

        udp.peer().send(proxy.address(), "longer than that");
        Await.until("it is dropped", () -> proxy.metrics().drops(DropReason.OVERSIZE) == 1);

        assertThat(proxy.metrics().opened()).isZero();
    }

    @Test
    void repliesFromAnyoneButTheUpstreamAreIgnored() throws Exception {
        UdpPeer upstream = udp.peer();
        UdpPeer stranger = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().to(upstream.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "hello");
        InetSocketAddress session = upstream.expect("hello").from();

        stranger.send(session, "forged");
        upstream.send(session, "genuine");

        client.expect("genuine", proxy.address());
    }

    @Test
    void aClientIsItsFullAddressAndPort() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().to(server.hostPort()));
        UdpPeer client = udp.peer();
        // The same port on another address of this host is somebody else.
        UdpPeer namesake = bed.own(
                UdpPeer.open(new InetSocketAddress("127.0.0.2", client.address().getPort())));

        client.exchange(proxy.address(), "one");
        namesake.exchange(proxy.address(), "two");
        udp.peer().exchange(proxy.address(), "three");

        assertThat(server.clients()).hasSize(3);
        assertThat(proxy.metrics().opened()).isEqualTo(3);
    }

    /** The kernel spreads clients over the workers' sockets; wherever one lands, it stays there. */
    @Test
    void manyClientsAreServedByManyWorkers() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(builder -> builder.workers(4), Udp.route().to(server.hostPort()));
        List<UdpPeer> clients = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            clients.add(udp.peer());
        }

        for (int round = 0; round < 3; round++) {
            for (UdpPeer client : clients) {
                client.exchange(proxy.address(), "round " + round);
            }
        }

        assertThat(server.clients()).hasSize(64);
        Set<Long> ids = new HashSet<>();
        proxy.route().flows().forEach(flow -> ids.add(flow.id()));
        assertThat(ids).hasSize(64);
        // Ids tell the workers apart by their remainder: more than one of them has sessions.
        assertThat(IntStream.range(0, 4)
                        .filter(worker -> ids.stream().anyMatch(id -> id % 4 == worker))
                        .count())
                .isGreaterThan(1);
    }
}
