package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.nio.socket.AddressText;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A UDP route on a wildcard address, whose replies must leave from the address that was asked. */
class UdpWildcardTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    /** The addresses of this host that are up. */
    private static List<InetAddress> ofThisHost() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(UdpWildcardTest::isUp)
                .flatMap(NetworkInterface::inetAddresses)
                .toList();
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachUnicastAddressOfTheHostIsBound() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Route.udp("dns").listen(0).to(server.hostPort()));

        List<InetSocketAddress> bound = proxy.route().localAddresses();

        assertThat(bound).extracting(InetSocketAddress::getAddress).containsExactlyInAnyOrderElementsOf(ofThisHost());
        assertThat(bound)
                .extracting(InetSocketAddress::getPort)
                .containsOnly(proxy.route().port());
    }

    @Test
    void aReplyLeavesFromWhicheverAddressTheClientSentTo() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(2), Route.udp("dns").listen(0).to(server.hostPort()));

        for (InetSocketAddress address : proxy.route().localAddresses()) {
            UdpPeer client = bed.own(UdpPeer.open(new InetSocketAddress(address.getAddress(), 0)));
            client.exchange(address, "to " + address);
        }
    }

    /** Of one client's datagrams to two addresses each is answered by the address that it went to. */
    @Test
    void aClientOfTwoAddressesHasTwoSessions() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Route.udp("dns").listen("0.0.0.0", 0).to(server.hostPort()));
        List<InetSocketAddress> bound = proxy.route().localAddresses();
        assumeThat(bound).as("addresses of this host").hasSizeGreaterThan(1);
        UdpPeer client = bed.own(UdpPeer.open(new InetSocketAddress("0.0.0.0", 0)));

        for (int i = 0; i < 3; i++) {
            for (InetSocketAddress address : bound) {
                client.exchange(address, i + " to " + address);
            }
        }

        assertThat(server.clients()).hasSize(bound.size());
    }

    @Test
    void theWildcardOfIpv4StandsForItsOwnFamily() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Route.udp("dns").listen("0.0.0.0", 0).to(server.hostPort()));

        assertThat(proxy.route().localAddresses())
                .extracting(InetSocketAddress::getAddress)
                .isNotEmpty()
                .allMatch(Inet4Address.class::isInstance);
    }

    @Test
    void oneLogLineNamesTheAddresses() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChildJvm.testClass("info", LogsItsAddresses.class))) {
            List<String> bound = List.of(child.readLine().split(" "));
            child.awaitLines();
            List<String> lines = child.errors().lines().toList();

            assertThat(lines).hasSize(1);
            assertThat(lines.get(0)).contains("\"dns\"").contains(bound);
        }
    }

    /** Says on standard output what it is bound to; the back end logs on standard error. */
    static final class LogsItsAddresses {
        private LogsItsAddresses() {}

        public static void main(String[] args) {
            try (ProxyServer proxy =
                    ProxyServer.start(Route.udp("dns").listen(0).to("127.0.0.1:9"))) {
                System.out.println(String.join(
                        " ",
                        proxy.route("dns").localAddresses().stream()
                                .map(AddressText::of)
                                .toList()));
            }
        }
    }
}
