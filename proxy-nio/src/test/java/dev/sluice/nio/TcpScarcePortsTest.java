package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.UpstreamMetrics;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.OwnNetwork;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host with one port to give away, and with a network that it may not enter: neither is an upstream's failure. */
class TcpScarcePortsTest {
    private static final int FIRST_CLIENT = 20_000;
    private static final int UPSTREAM = 30_000;
    private static final int LISTEN = 30_001;

    @BeforeEach
    void namespacesArePossible() throws Exception {
        assumeThat(OwnNetwork.isPossible())
                .as("a network namespace can be made")
                .isTrue();
    }

    private static List<String> outputOf(String network, Class<?> main) throws Exception {
        try (ChildJvm child = OwnNetwork.start(network, ChildJvm.testClass("off", main))) {
            return child.awaitLines();
        }
    }

    @Test
    void withoutAFreePortTheConnectionEndsForWantOfOneAndAFreedPortIsUsable() throws Exception {
        assertThat(outputOf(OwnNetwork.ephemeralPorts(40_000, 40_000), RunsOutOfPorts.class))
                .containsExactly(
                        "a client is relayed",
                        "a client is reset",
                        "local resources 1",
                        "blamed on the host 1",
                        "blamed on the upstream 0",
                        "accept pauses 0",
                        "the upstream is reset",
                        "a client is relayed");
    }

    @Test
    void withoutPermissionTheConnectionEndsForWantOfItAndNotByTheUpstreamsFailure() throws Exception {
        assertThat(outputOf("ip route add prohibit 192.0.2.0/24", LacksPermission.class))
                .containsExactly(
                        "a client is reset",
                        "local resources 1",
                        "blamed on the host 1",
                        "blamed on the upstream 0",
                        "accept pauses 0");
    }

    private static InetSocketAddress at(int port) {
        return Family.IPV4.socketAddress(port);
    }

    /** A client with a port of its own, outside the range. */
    private static Socket client(int port) throws IOException {
        Socket client = new Socket();
        client.bind(at(port));
        client.connect(at(LISTEN));
        client.setSoTimeout((int) Await.LONGEST.toMillis());
        return client;
    }

    private static void expectReset(int port) throws IOException {
        try (Socket client = client(port)) {
            System.out.println("it reads " + client.getInputStream().read());
        } catch (SocketException reset) {
            System.out.println("a client is reset");
        }
    }

    private static void tellWhoIsBlamed(ProxyServer proxy) {
        RouteMetrics route = proxy.route("web").metrics();
        UpstreamMetrics upstream = proxy.upstreams("web").list().get(0);
        System.out.println("local resources " + route.ended(CloseReason.LOCAL_RESOURCES));
        System.out.println("blamed on the host " + route.dialFailures(DialFailure.LOCAL_RESOURCES));
        System.out.println("blamed on the upstream "
                + Arrays.stream(DialFailure.values())
                        .mapToLong(upstream::dialFailures)
                        .sum());
        System.out.println("accept pauses " + route.acceptPauses());
    }

    /** One connection towards the upstream takes the one port. */
    static final class RunsOutOfPorts {
        private RunsOutOfPorts() {}

        public static void main(String[] args) throws IOException {
            try (ServerSocket upstream = new ServerSocket(UPSTREAM, 50, Family.IPV4.address());
                    ProxyServer proxy = ProxyServer.start(
                            Route.tcp("web").listen("127.0.0.1", LISTEN).to("127.0.0.1:" + UPSTREAM))) {
                Socket first = client(FIRST_CLIENT);
                Socket accepted = expectRelayed(first, upstream);
                expectReset(FIRST_CLIENT + 1);
                Await.until("it is counted", () -> proxy.metrics().active() == 1);
                tellWhoIsBlamed(proxy);
                first.setSoLinger(true, 0);
                first.close();
                awaitReset(accepted);
                expectRelayed(client(FIRST_CLIENT + 2), upstream);
            }
        }

        private static Socket expectRelayed(Socket client, ServerSocket upstream) throws IOException {
            client.getOutputStream().write(7);
            Socket accepted = upstream.accept();
            if (accepted.getInputStream().read() == 7) {
                System.out.println("a client is relayed");
            }
            return accepted;
        }

        /** With it the port is free. */
        private static void awaitReset(Socket accepted) throws IOException {
            try {
                System.out.println(
                        "the upstream reads " + accepted.getInputStream().read());
            } catch (SocketException reset) {
                System.out.println("the upstream is reset");
            }
        }
    }

    static final class LacksPermission {
        private LacksPermission() {}

        public static void main(String[] args) throws IOException {
            try (ProxyServer proxy = ProxyServer.start(
                    Route.tcp("web").listen("127.0.0.1", LISTEN).to("192.0.2.1:80"))) {
                expectReset(FIRST_CLIENT);
                Await.until("it is counted", () -> proxy.metrics().active() == 0);
                tellWhoIsBlamed(proxy);
            }
        }
    }
}
