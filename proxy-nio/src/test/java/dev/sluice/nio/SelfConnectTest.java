package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.Upstream;
import dev.sluice.UpstreamMetrics;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Greeter;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.OwnNetwork;
import dev.sluice.nio.testkit.TcpPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An upstream that is down, at the one port that its own host has to give away: whoever dials it meets himself. */
class SelfConnectTest {
    private static final int PORT = 40_000;
    private static final int OTHER = 30_000;

    @BeforeEach
    void namespacesArePossible() throws Exception {
        assumeThat(OwnNetwork.isPossible())
                .as("a network namespace can be made")
                .isTrue();
    }

    private static List<String> outputOf(Class<?> main) throws Exception {
        try (ChildJvm child =
                OwnNetwork.start(OwnNetwork.ephemeralPorts(PORT, PORT), ChildJvm.testClass("off", main))) {
            return child.awaitLines();
        }
    }

    @Test
    void aDialThatConnectedToItselfIsARefusal() throws Exception {
        assertThat(outputOf(MeetsItself.class))
                .containsExactly(
                        "the host is such a one: true",
                        "the client is reset",
                        "ended as refused 1",
                        "refused, for the upstream 1",
                        "opened, for the upstream 0");
    }

    @Test
    void afterADialThatConnectedToItselfTheNextUpstreamIsTried() throws Exception {
        assertThat(outputOf(GoesOn.class))
                .containsExactly(
                        "the host is such a one: true",
                        "hello from the other",
                        "refused, for the upstream 1",
                        "opened, for the upstream 0");
    }

    private static InetSocketAddress at(int port) {
        return Family.IPV4.socketAddress(port);
    }

    private static String upstream(int port) {
        return Family.IPV4.hostPort(port);
    }

    private static void tellWhetherOneMeetsHimself() throws IOException {
        try (Socket lonely = new Socket()) {
            lonely.connect(at(PORT));
            lonely.setSoLinger(true, 0);
            boolean alone = lonely.getLocalSocketAddress().equals(lonely.getRemoteSocketAddress());
            System.out.println("the host is such a one: " + alone);
        }
    }

    private static Upstreams inOrder(int first, int second) {
        return Upstreams.of(List.of(Upstream.of(upstream(first)), Upstream.of(upstream(second))))
                .named("web")
                .select(UpstreamSelector.failover());
    }

    private static void tellOfTheUpstream(ProxyServer proxy) {
        UpstreamMetrics upstream = proxy.upstreams("web").list().get(0);
        System.out.println("refused, for the upstream " + upstream.dialFailures(DialFailure.REFUSED));
        System.out.println("opened, for the upstream " + upstream.opened());
    }

    static final class MeetsItself {
        private MeetsItself() {}

        public static void main(String[] args) throws IOException {
            tellWhetherOneMeetsHimself();
            try (ProxyServer proxy = ProxyServer.start(
                    Route.tcp("web").listen("127.0.0.1", OTHER + 1).to(upstream(PORT)))) {
                Knock.at(at(OTHER + 1)).expectReset().close();
                System.out.println("the client is reset");
                Await.until("it is counted", () -> proxy.metrics().active() == 0);
                RouteMetrics metrics = proxy.route("web").metrics();
                System.out.println("ended as refused " + metrics.ended(CloseReason.CONNECT_REFUSED));
                tellOfTheUpstream(proxy);
            }
        }
    }

    static final class GoesOn {
        private GoesOn() {}

        public static void main(String[] args) throws IOException {
            tellWhetherOneMeetsHimself();
            try (Greeter other = Greeter.open(at(OTHER), "hello from the other");
                    ProxyServer proxy = ProxyServer.start(
                            Route.tcp("web").listen("127.0.0.1", OTHER + 1).to(inOrder(PORT, other.port())));
                    TcpPeer client = TcpPeer.connect(at(OTHER + 1))) {
                client.expect("hello from the other");
                System.out.println("hello from the other");
                tellOfTheUpstream(proxy);
            }
        }
    }
}
