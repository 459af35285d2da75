package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.ServerMetrics;
import dev.sluice.Upstream;
import dev.sluice.UpstreamMetrics;
import dev.sluice.Upstreams;
import dev.sluice.nio.socket.AddressText;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpServer;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users print reads in their words, and shows nothing of how it is made. */
class ShownTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private static Route web(String... upstreams) {
        return Route.tcp("web")
                .listen("127.0.0.1", 0)
                .to(
                        upstreams[0],
                        List.of(upstreams).subList(1, upstreams.length).toArray(String[]::new));
    }

    @Test
    void aServer() {
        ProxyServer server = ProxyServer.builder()
                .name("shown")
                .start(web("127.0.0.1:9"), Udp.route().to("127.0.0.1:9"));
        try (server) {
            assertThat(server).hasToString("server sluice-shown, running, routes [web, dns]");
        }

        assertThat(server).hasToString("server sluice-shown, closed, routes [web, dns]");
    }

    @Test
    void aRoute() {
        StartedProxy proxy = bed.start(web("127.0.0.1:9"));
        proxy.server().upstreams("web").update(List.of(Upstream.of("db:80").id("db"), Upstream.of("[::1]:80")));

        assertThat(proxy.route())
                .hasToString(
                        "TCP route \"web\" on [127.0.0.1:" + proxy.route().port() + "] to web [db (db:80), [::1]:80]");
    }

    @ParameterizedTest
    @CsvSource({"::, [::]", "0.0.0.0, 0.0.0.0"})
    void aWildcard(String host, String shown) {
        StartedProxy proxy = bed.start(
                Route.tcp("web").listen(host, 0).to("127.0.0.1:9"),
                Route.udp("dns").listen(host, 0).to("127.0.0.1:9"));

        assertThat(proxy.server().routes())
                .allSatisfy(
                        route -> assertThat(route.toString()).contains("on [" + shown + ":" + route.port() + "] to"));
    }

    @Test
    void aGroup() {
        assertThat(bed.start(web("127.0.0.1:9")).server().upstreams("web")).hasToString("web [127.0.0.1:9]");
    }

    @Test
    void aConnectionAndWhatItCounts() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        String refusing = bed.own(ClosedPort.open(Family.IPV4)).hostPort();
        StartedProxy proxy = bed.start(web(refusing, server.hostPort()));

        TcpPeer client = bed.connect(proxy).send("hello").expect("hello");
        String parties = "TCP web "
                + AddressText.of((InetSocketAddress) client.socket().getLocalSocketAddress()) + " -> "
                + AddressText.of(proxy.address());
        assertThat(proxy.route().flows())
                .singleElement()
                .asString()
                .matches("flow \\d+: \\Q" + parties + " -> " + server.hostPort()
                        + ", bytes to upstream 5, bytes to client 5\\E");
        client.endStream().expectEnd();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.info()).hasToString(parties);
        assertThat(end.toString())
                .matches("\\Q" + parties + " -> " + server.hostPort()
                        + ": DONE after \\E\\d+ ms, bytes to upstream 5, bytes to client 5");
        RouteMetrics route = proxy.metrics();
        assertThat(route)
                .hasToString("opened 1, active 0, bytes to upstreams 5, bytes to clients 5, ended DONE 1,"
                        + " dials failed REFUSED 1");
        ServerMetrics all = proxy.server().metrics();
        assertThat(all).hasToString("opened 1, active 0, bytes to upstreams 5, bytes to clients 5");
        UpstreamMetrics refused = proxy.upstream(0);
        assertThat(refused)
                .hasToString(refusing + ": opened 0, active 0, bytes to upstream 0, bytes to clients 0,"
                        + " dials failed REFUSED 1");
    }

    @Test
    void aFlowThatReachedNobody() throws Exception {
        StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(Upstreams.of(List.of())));

        bed.own(Knock.at(proxy.address()));

        assertThat(proxy.log().awaitEnd().toString()).contains(" -> nobody: " + CloseReason.NO_UPSTREAM + " after ");
    }

    @Test
    void datagrams() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().to(server.hostPort()));

        udp.peer().exchange(proxy.address(), "hello");

        Await.until("it is counted", () -> proxy.metrics().datagramsToClient() == 1);
        assertThat(proxy.route().flows())
                .singleElement()
                .asString()
                .matches("flow \\d+: UDP dns .*, bytes to client 5");
        String datagrams = "datagrams to upstreams 1, datagrams to clients 1";
        assertThat(proxy.metrics().toString()).contains("opened 1, active 1", datagrams);
        assertThat(proxy.server().metrics().toString()).contains(datagrams);
    }
}
