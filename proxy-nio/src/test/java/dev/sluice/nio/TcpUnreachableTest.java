package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.DialFailure;
import dev.sluice.FlowEnd;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.TcpRoute;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.FlowLog;
import dev.sluice.nio.testkit.Greeter;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.OwnNetwork;
import dev.sluice.nio.testkit.TcpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Addresses that this host has no way to: they are passed over, and nobody else has to wait for it. */
class TcpUnreachableTest {
    private static final String DISABLE_IPV6 = "/proc/sys/net/ipv6/conf/all/disable_ipv6";
    private static final String FORBIDDEN = "ip route add prohibit 192.0.2.0/24";

    /** Two ends of one cable; what arrives at the other is sent back with a notice that it must not go on. */
    private static final String FORBIDDEN_FURTHER_ON = String.join(
            " && ",
            "ip link add v0 type veth peer name v1",
            "ip link set v1 address 02:00:00:00:00:02",
            "ip -6 addr add fd09::1/64 dev v0 nodad",
            "ip link set v0 up",
            "ip link set v1 up",
            "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding",
            "echo 0 > /proc/sys/net/ipv6/icmp/ratelimit",
            "ip -6 neigh add fd09::2 lladdr 02:00:00:00:00:02 dev v0 nud permanent",
            "ip -6 route add fd10::/64 via fd09::2 dev v0",
            "ip -6 rule add iif v1 prohibit pref 1");

    /** What becomes of it when it is the first of two upstreams, the first address of one, and the only one. */
    private static List<String> passedOver(ChildJvm proxy) throws Exception {
        try (proxy) {
            return proxy.awaitLines();
        }
    }

    private static List<String> passedOver(String setUp, String... arguments) throws Exception {
        assumeThat(OwnNetwork.isPossible()).as("a network namespace").isTrue();
        List<String> program = ChildJvm.testClass("off", HasNoWayToTheFirst.class, arguments);
        return passedOver(OwnNetwork.start(setUp, program));
    }

    @Test
    void anAddressOfAFamilyThatTheJvmDoesWithoutIsPassedOver() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-Djava.net.preferIPv4Stack=true"));
        arguments.addAll(ChildJvm.testClass("off", HasNoWayToTheFirst.class, "::1"));

        assertThat(passedOver(ChildJvm.start(arguments)))
                .containsExactly(
                        "two: DONE after 2, blamed on the host 0, on the upstream 1, pauses 0",
                        "one: DONE after 1, blamed on the host 0, on the upstream 0, pauses 0",
                        "none: CONNECT_FAILED after 1, blamed on the host 0, on the upstream 1, pauses 0");
    }

    @Test
    void anAddressOfAFamilyThatTheHostHasLostIsPassedOver() throws Exception {
        assertThat(passedOver("test -w " + DISABLE_IPV6, "2001:db8::1", DISABLE_IPV6))
                .containsExactly(
                        "two: DONE after 2, blamed on the host 1, on the upstream 0, pauses 0",
                        "one: DONE after 1, blamed on the host 0, on the upstream 0, pauses 0",
                        "none: LOCAL_RESOURCES after 1, blamed on the host 1, on the upstream 0, pauses 0");
    }

    @Test
    void anAddressThatTheHostForbidsIsPassedOver() throws Exception {
        assertThat(passedOver(FORBIDDEN, "192.0.2.1"))
                .containsExactly(
                        "two: DONE after 2, blamed on the host 1, on the upstream 0, pauses 0",
                        "one: DONE after 1, blamed on the host 0, on the upstream 0, pauses 0",
                        "none: LOCAL_RESOURCES after 1, blamed on the host 1, on the upstream 0, pauses 0");
    }

    /** The error that the host would give is the same, but here it comes from a router. */
    @Test
    void anAddressThatARouterForbidsIsPassedOverAndBlamed() throws Exception {
        assertThat(passedOver(FORBIDDEN_FURTHER_ON, "fd10::5"))
                .containsExactly(
                        "two: DONE after 2, blamed on the host 0, on the upstream 1, pauses 0",
                        "one: DONE after 1, blamed on the host 0, on the upstream 0, pauses 0",
                        "none: CONNECT_FAILED after 1, blamed on the host 0, on the upstream 1, pauses 0");
    }

    /** A route for each place that the address can have, and one flow of each; it may switch something on before. */
    static final class HasNoWayToTheFirst {
        private HasNoWayToTheFirst() {}

        public static void main(String[] args) throws IOException {
            InetAddress first = InetAddress.getByName(args[0]);
            String literal = (args[0].contains(":") ? "[" + args[0] + "]" : args[0]) + ":9";
            FlowLog log = new FlowLog();
            try (Greeter second = Greeter.open(Family.IPV4.socketAddress(0), "hello");
                    ProxyServer proxy = ProxyServer.builder()
                            .listener(log)
                            .resolver(host -> List.of(first, Family.IPV4.address()))
                            .start(
                                    route("two")
                                            .to(Upstreams.of(literal, Family.IPV4.hostPort(second.port()))
                                                    .select(UpstreamSelector.failover())),
                                    route("one").to("backend.example:" + second.port()),
                                    route("none").to(literal))) {
                if (args.length > 1) {
                    Files.writeString(Path.of(args[1]), "1");
                }
                greet(proxy.route("two"));
                tell(proxy, log.awaitEnds(1).get(0));
                greet(proxy.route("one"));
                tell(proxy, log.awaitEnds(2).get(1));
                Knock.at(proxy.route("none").localAddress()).close();
                tell(proxy, log.awaitEnds(3).get(2));
            }
        }

        private static TcpRoute.Builder route(String name) {
            return Route.tcp(name).listen("127.0.0.1", 0);
        }

        private static void greet(RunningRoute route) throws IOException {
            try (TcpPeer client = TcpPeer.connect(route.localAddress())) {
                client.expect("hello").expectEnd();
            }
        }

        private static void tell(ProxyServer proxy, FlowEnd end) {
            RunningRoute route = proxy.route(end.info().route());
            long blamed = 0;
            for (DialFailure failure : DialFailure.values()) {
                blamed += proxy.upstreams(route.name()).list().get(0).dialFailures(failure);
            }
            System.out.println(route.name() + ": " + end.reason() + " after " + end.attempts()
                    + ", blamed on the host " + route.metrics().dialFailures(DialFailure.LOCAL_RESOURCES)
                    + ", on the upstream " + blamed + ", pauses "
                    + route.metrics().acceptPauses());
        }
    }
}
