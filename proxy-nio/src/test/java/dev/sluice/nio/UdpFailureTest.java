package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DropReason;
import dev.sluice.Ejection;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with datagrams, and what it must not spoil. */
class UdpFailureTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    @Test
    void withoutAnUpstreamADatagramIsDroppedAndCountedAndNoSessionIsLeft() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().maxSessions(1).to(Upstreams.of(List.of())));
        UdpPeer client = udp.peer();

        client.send(proxy.address(), "one").send(proxy.address(), "two");
        Await.until("both are dropped", () -> proxy.metrics().drops(DropReason.NO_UPSTREAM) == 2);

        assertThat(proxy.metrics().opened()).isZero();
        assertThat(proxy.route().flows()).isEmpty();
        // Neither took the only place.
        proxy.server().upstreams("dns").update(List.of(Upstream.of(server.hostPort())));
        client.exchange(proxy.address(), "three");
    }

    @Test
    void aSelectorThatNamesNobodyIsCountedByItself() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(Udp.route().to(Upstreams.of(server.hostPort()).select((candidates, flow) -> -1)));

        udp.peer().send(proxy.address(), "to nobody");

        Await.until("it is dropped", () -> proxy.metrics().drops(DropReason.NO_CANDIDATE) == 1);
        assertThat(proxy.metrics().opened()).isZero();
        assertThat(proxy.metrics().callbackFailures()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 1, Integer.MAX_VALUE})
    void aSelectorThatAnswersNonsenseIsCountedByItself(int nonsense) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(Udp.route().to(Upstreams.of(server.hostPort()).select((candidates, flow) -> nonsense)));

        udp.peer().send(proxy.address(), "to nobody");

        Await.until("it is dropped", () -> proxy.metrics().drops(DropReason.SELECTOR_FAILED) == 1);
        assertThat(proxy.metrics().opened()).isZero();
        assertThat(proxy.metrics().callbackFailures()).isEqualTo(1);
    }

    @Test
    void aThrowingSelectorSpoilsItsOwnDatagramsOnly() throws Exception {
        UdpServer server = udp.echo();
        UdpPeer outcast = udp.peer();
        UpstreamSelector picky = (candidates, flow) -> {
            if (flow.client().equals(outcast.address())) {
                throw new StackOverflowError("on purpose");
            }
            return 0;
        };
        StartedProxy proxy =
                udp.start(Udp.route().to(Upstreams.of(server.hostPort()).select(picky)));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 10; i++) {
            outcast.send(proxy.address(), "refused");
            client.exchange(proxy.address(), "served " + i);
        }

        Await.until("all are dropped", () -> proxy.metrics().drops(DropReason.SELECTOR_FAILED) == 10);
        assertThat(server.texts()).doesNotContain("refused");
        assertThat(proxy.metrics().callbackFailures()).isEqualTo(10);
    }

    @Test
    void anUnreachablePortIsCountedAgainstTheUpstreamAndTheSessionLivesOn() throws Exception {
        InetSocketAddress dead = FreeAddress.udp();
        StartedProxy proxy = udp.start(Udp.route().to("127.0.0.1:" + dead.getPort()));
        UdpPeer client = udp.peer();

        client.send(proxy.address(), "anybody?");
        Await.until("it is reported", () -> proxy.upstream(0).unreachable() == 1);
        assertThat(proxy.metrics().active()).isEqualTo(1);

        bed.own(UdpServer.named("", dead));
        client.exchange(proxy.address(), "somebody!");
        assertThat(proxy.metrics().opened()).as("the same session").isEqualTo(1);
        assertThat(proxy.upstream(0).unreachable()).isEqualTo(1);
        assertThat(proxy.upstream(0).datagramsToUpstream()).isEqualTo(2);
    }

    /**
     * The write that reports an earlier datagram's fate has not sent anything. The upstream dies for the first datagram
     * and is back for the second while both wait in the worker's hands, held there by the selector.
     */
    @Test
    void theDatagramWhoseWriteReportedItIsWrittenOnceMore() throws Exception {
        InetSocketAddress dead = FreeAddress.udp();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch queued = new CountDownLatch(1);
        UpstreamSelector reviving = (candidates, flow) -> {
            if (flow.route().equals("hold")) {
                held.countDown();
                Await.opened(queued);
            } else if (flow.client().getAddress().getHostAddress().equals("127.0.0.2")) {
                bed.own(revived(dead));
            }
            return 0;
        };
        Upstreams group =
                Upstreams.of("127.0.0.1:" + dead.getPort()).named("group").select(reviving);
        StartedProxy proxy = udp.start(
                builder -> builder.workers(1),
                Udp.route("dns").to(group),
                Udp.route("hold").to(group));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "opens the session");
        Await.until("it is reported", () -> proxy.upstream(0).unreachable() == 1);

        udp.peer().send(proxy.server().route("hold").localAddress(), "hold");
        held.await();
        client.send(proxy.address(), "first");
        bed.own(UdpPeer.open(new InetSocketAddress("127.0.0.2", 0))).send(proxy.address(), "revives the upstream");
        client.send(proxy.address(), "second");
        queued.countDown();

        client.expect("second", proxy.address());
        assertThat(proxy.metrics().drops(DropReason.UNREACHABLE)).isZero();
        Await.until(
                "each lost one is reported, that of the route \"hold\" too",
                () -> proxy.upstream(0).unreachable() == 3);
    }

    private static UdpServer revived(InetSocketAddress address) {
        try {
            return UdpServer.named("", address);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anUnreachableUpstreamSpoilsNoOtherSession() throws Exception {
        UdpServer server = udp.echo();
        Upstream dead = Upstream.of("127.0.0.1:" + FreeAddress.udp().getPort()).id("dead");
        UdpPeer unlucky = udp.peer();
        UpstreamSelector selector = (candidates, flow) -> flow.client().equals(unlucky.address()) ? 0 : 1;
        StartedProxy proxy = udp.start(Udp.route()
                .to(Upstreams.of(List.of(dead, Upstream.of(server.hostPort()).id("alive")))
                        .select(selector)
                        .eject(Ejection.off())));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 50; i++) {
            unlucky.send(proxy.address(), "lost");
            client.exchange(proxy.address(), "kept " + i);
        }

        Await.until("each is reported once", () -> proxy.upstream(0).unreachable() == 50);
        assertThat(proxy.upstream(1).unreachable()).isZero();
        assertThat(proxy.metrics().active()).isEqualTo(2);
    }

    /** A client that has gone is reported to the listener's socket by the kernel, which must not end anything. */
    @Test
    void aClientThatHasGoneSpoilsNoOther() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().to(upstream.hostPort()));
        UdpPeer gone = udp.peer(Family.IPV4);
        UdpPeer client = udp.peer();
        gone.send(proxy.address(), "goodbye");
        InetSocketAddress toGone = upstream.expect("goodbye").from();
        client.send(proxy.address(), "hello");
        InetSocketAddress toClient = upstream.expect("hello").from();

        gone.close();
        for (int i = 0; i < 50; i++) {
            upstream.send(toGone, "late").send(toClient, "reply " + i);
            client.expect("reply " + i, proxy.address());
        }
    }
}
