package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.UpstreamMetrics;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.OwnNetwork;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host with four ports to give away and nowhere to go: a network namespace, where Linux lets us have one. */
class UdpScarcePortsTest {
    private static final String ONLY_FOUR_PORTS = "echo '40000 40003' > /proc/sys/net/ipv4/ip_local_port_range";

    @BeforeEach
    void namespacesArePossible() throws Exception {
        assumeThat(OwnNetwork.isPossible())
                .as("a network namespace can be made")
                .isTrue();
    }

    private static ChildJvm child(Class<?> main) throws IOException {
        return OwnNetwork.start(ONLY_FOUR_PORTS, ChildJvm.testClass("off", main));
    }

    @Test
    void withoutAFreePortADatagramIsDroppedAndCountedAndAFreedPortIsUsable() throws Exception {
        try (ChildJvm child = child(RunsOutOfPorts.class)) {
            assertThat(child.awaitLines())
                    .containsExactly(
                            "sessions 4",
                            "no port 3",
                            "blamed on the host 3",
                            "blamed on the upstream 0",
                            "sessions 4 of 5",
                            "no port 3",
                            "heard from 5");
        }
    }

    @Test
    void withoutAWayToTheUpstreamADatagramIsDroppedAndCountedAgainstIt() throws Exception {
        try (ChildJvm child = child(HasNowhereToGo.class)) {
            assertThat(child.awaitLines())
                    .containsExactly("unreachable 2", "blamed on the host 0", "blamed on the upstream 2", "sessions 0");
        }
    }

    /** The first is of a family that the host has no way for. */
    @Test
    void theAddressesOfANameAreTriedInTurn() throws Exception {
        try (ChildJvm child = child(HasAnotherAddress.class)) {
            assertThat(child.awaitLines()).containsExactly("heard from 1", "sessions 1", "unreachable 0");
        }
    }

    /** Four sessions take the four ports; clients and upstream have ports outside the range. */
    static final class RunsOutOfPorts {
        private static final int FIRST_CLIENT = 20_000;

        private RunsOutOfPorts() {}

        public static void main(String[] args) throws IOException {
            try (UdpServer upstream = UdpServer.named("", at(30_000));
                    ProxyServer proxy = ProxyServer.start(
                            Route.udp("dns").listen("127.0.0.1", 30_001).to("127.0.0.1:30000"))) {
                for (int i = 0; i < 4; i++) {
                    exchange(FIRST_CLIENT + i);
                }
                System.out.println("sessions " + metrics(proxy).active());
                for (int i = 0; i < 3; i++) {
                    try (UdpPeer late = UdpPeer.open(at(FIRST_CLIENT + 4))) {
                        late.send(at(30_001), "late");
                    }
                }
                Await.until("all are dropped", () -> metrics(proxy).drops(DropReason.NO_PORT) == 3);
                System.out.println("no port " + metrics(proxy).drops(DropReason.NO_PORT));
                tellBlame(proxy);
                proxy.route("dns").flows().get(0).reset();
                Await.until("a port is free", RunsOutOfPorts::hasFreePort);
                exchange(FIRST_CLIENT + 4);
                System.out.println("sessions " + metrics(proxy).active() + " of "
                        + metrics(proxy).opened());
                System.out.println("no port " + metrics(proxy).drops(DropReason.NO_PORT));
                System.out.println("heard from " + upstream.heard().size());
            }
        }

        private static boolean hasFreePort() {
            try (UdpPeer any = UdpPeer.open(at(0))) {
                return any.address().getPort() > 0;
            } catch (IOException noneFree) {
                return false;
            }
        }

        private static void exchange(int port) throws IOException {
            try (UdpPeer client = UdpPeer.open(at(port))) {
                client.exchange(at(30_001), "hello");
            }
        }
    }

    static final class HasNowhereToGo {
        private HasNowhereToGo() {}

        public static void main(String[] args) throws IOException {
            try (UdpPeer client = UdpPeer.open(at(20_000));
                    ProxyServer proxy = ProxyServer.start(
                            Route.udp("dns").listen("127.0.0.1", 30_001).to("192.0.2.1:53"))) {
                client.send(at(30_001), "one").send(at(30_001), "two");
                Await.until("both are dropped", () -> metrics(proxy).drops(DropReason.UNREACHABLE) == 2);
                System.out.println("unreachable " + metrics(proxy).drops(DropReason.UNREACHABLE));
                tellBlame(proxy);
                System.out.println("sessions " + metrics(proxy).opened());
            }
        }
    }

    static final class HasAnotherAddress {
        private HasAnotherAddress() {}

        public static void main(String[] args) throws IOException {
            List<InetAddress> addresses = List.of(InetAddress.getByName("2001:db8::1"), Family.IPV4.address());
            try (UdpServer upstream = UdpServer.named("", at(30_000));
                    UdpPeer client = UdpPeer.open(at(20_000));
                    ProxyServer proxy = ProxyServer.builder()
                            .resolver(host -> addresses)
                            .start(Route.udp("dns").listen("127.0.0.1", 30_001).to("dns.example:30000"))) {
                client.exchange(at(30_001), "hello");
                System.out.println("heard from " + upstream.heard().size());
                System.out.println("sessions " + metrics(proxy).opened());
                System.out.println("unreachable " + metrics(proxy).drops(DropReason.UNREACHABLE));
            }
        }
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress("127.0.0.1", port);
    }

    private static RouteMetrics metrics(ProxyServer proxy) {
        return proxy.route("dns").metrics();
    }

    private static void tellBlame(ProxyServer proxy) {
        UpstreamMetrics upstream = proxy.upstreams("dns").list().get(0);
        System.out.println("blamed on the host " + metrics(proxy).dialFailures(DialFailure.LOCAL_RESOURCES));
        System.out.println("blamed on the upstream " + upstream.dialFailures(DialFailure.UNREACHABLE));
    }
}
