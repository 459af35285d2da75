package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Cidr;
import dev.sluice.DropReason;
import dev.sluice.Upstream;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may open sessions, and how many a server, an upstream and a client may have. */
class UdpLimitsTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private void assertDropped(StartedProxy proxy, UdpServer server, DropReason reason) throws Exception {
        long opened = proxy.metrics().opened();
        udp.peer().send(proxy.address(), "over");
        Await.until("it is dropped", () -> proxy.metrics().drops(reason) == 1);
        assertThat(server.texts()).doesNotContain("over");
        assertThat(proxy.metrics().opened()).as("sessions").isEqualTo(opened);
    }

    private void assertFreed(StartedProxy proxy, DropReason reason) throws Exception {
        proxy.route().flows().get(0).reset();
        proxy.log().awaitEnds(1);
        udp.peer().exchange(proxy.address(), "now in");
        assertThat(proxy.metrics().drops(reason)).isEqualTo(1);
    }

    @Test
    void aClientsAddressHasNoMoreSessionsThanItMayAndOthersHaveTheirs() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().maxSessionsPerClient(1).to(server.hostPort()));
        udp.peer().exchange(proxy.address(), "in");

        assertDropped(proxy, server, DropReason.CLIENT_LIMIT);

        bed.own(UdpPeer.open(new InetSocketAddress("127.0.0.2", 0))).exchange(proxy.address(), "another");
        proxy.route().flows().forEach(flow -> flow.reset());
        proxy.log().awaitEnds(2);
        udp.peer().exchange(proxy.address(), "now in");
    }

    @Test
    void theServersLimitIsThatOfAllItsRoutesTogether() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(builder -> builder.maxConnections(1), Udp.route().to(server.hostPort()));
        udp.peer().exchange(proxy.address(), "in");

        assertDropped(proxy, server, DropReason.SERVER_LIMIT);
        assertFreed(proxy, DropReason.SERVER_LIMIT);
    }

    @Test
    void whereAllUpstreamsAreAtTheirLimitTheDatagramIsDropped() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy =
                udp.start(Udp.route().to(Upstream.of(server.hostPort()).maxConnections(1)));
        udp.peer().exchange(proxy.address(), "in");

        assertDropped(proxy, server, DropReason.UPSTREAM_LIMIT);
        assertFreed(proxy, DropReason.UPSTREAM_LIMIT);
    }

    @Test
    void whoIsDeniedOpensNoSession() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().deny(Cidr.of("127.0.0.1")).to(server.hostPort()));

        assertDropped(proxy, server, DropReason.DENIED);

        bed.own(UdpPeer.open(new InetSocketAddress("127.0.0.2", 0))).exchange(proxy.address(), "another");
    }
}
