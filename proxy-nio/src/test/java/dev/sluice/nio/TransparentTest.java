package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.Transport;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.ProxyHost;
import dev.sluice.nio.testkit.RoutedNetwork;
import dev.sluice.nio.testkit.RoutedNetwork.Host;
import dev.sluice.nio.testkit.Testbed;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams see the address that the route says, on hosts of their own with routes between them. */
class TransparentTest {
    private static final int PORT = 8_000;
    private static final int ECHO = 7;
    /** A client's end that a test chooses, outside of what the kernel gives away. */
    private static final int CHOSEN = 5_555;

    @RegisterExtension
    final Testbed bed = new Testbed();

    @BeforeEach
    void assumeThatItIsPossible() throws Exception {
        assumeThat(RoutedNetwork.missing()).isEmpty();
    }

    private RoutedNetwork network() throws Exception {
        RoutedNetwork network = bed.own(RoutedNetwork.create());
        network.startEchoes(ECHO);
        return network;
    }

    private static String proxyHost(Family family) {
        return RoutedNetwork.address(Host.PROXY, family);
    }

    private static String route(Transport transport, Family family, int port, String... upstreams) {
        return transport + "," + proxyHost(family) + "," + port + "," + String.join(",", upstreams);
    }

    private static String echo(Family family) {
        return upstream(family, ECHO);
    }

    private static String upstream(Family family, int port) {
        String host = RoutedNetwork.address(Host.UPSTREAM, family);
        return (family == Family.IPV6 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The second is for datagrams that are to come back. */
    private static String[] routes(Transport transport, Family family, Family... upstreams) {
        String[] routes = new String[2];
        for (int i = 0; i < routes.length; i++) {
            int more = i * RoutedNetwork.UDP_ECHO;
            routes[i] = route(
                    transport,
                    family,
                    PORT + more,
                    Stream.of(upstreams)
                            .map(each -> upstream(each, ECHO + more))
                            .toArray(String[]::new));
        }
        return routes;
    }

    @ParameterizedTest
    @CsvSource({
        "TCP, IPV4, client",
        "TCP, IPV4, client-port",
        "TCP, IPV6, client",
        "TCP, IPV6, client-port",
        "UDP, IPV4, client",
        "UDP, IPV4, client-port",
        "UDP, IPV6, client",
        "UDP, IPV6, client-port"
    })
    void upstreamsSeeTheClient(Transport transport, Family family, String source) throws Exception {
        RoutedNetwork network = network();
        String[] routes = routes(transport, family, family);
        ProxyHost proxy = ProxyHost.start(network, SourceProgram.class, source, routes[0], routes[1]);
        int count = transport == Transport.TCP ? 1_000 : 200;
        List<String> said = proxy.serve(transport, proxyHost(family), PORT, count, source.equals("client-port"));

        assertThat(said).as(proxy.counted()).containsExactly("served " + count);
    }

    @Test
    void theClientIsThatOfTheHeader() throws Exception {
        RoutedNetwork network = network();
        ProxyHost.start(network, SourceProgram.class, "client-port", "TCP*,10.1.0.1," + PORT + "," + echo(Family.IPV4));

        network.run(
                Host.CLIENT,
                "printf 'PROXY TCP4 198.51.100.7 198.51.100.8 4444 80\\r\\n' | socat - TCP:10.1.0.1:" + PORT
                        + " | grep '^198.51.100.7 4444$'");
    }

    /** And not put down to the upstreams, which may have answered. */
    @Test
    void answersThatDoNotComeBackAreToldOf() throws Exception {
        RoutedNetwork network = bed.own(RoutedNetwork.createWithoutReturnRoute());
        network.startEchoes(ECHO);
        ProxyHost proxy = ProxyHost.start(
                network,
                SourceProgram.class,
                "client",
                route(Transport.TCP, Family.IPV4, PORT, echo(Family.IPV4), "10.2.0.2:8"));
        proxy.serve(Transport.TCP, proxyHost(Family.IPV4), PORT, 4, false);

        assertThat(proxy.counted())
                .contains("ended NO_RETURN_ROUTE 4", "dials failed TIMEOUT 8")
                .doesNotContain("EJECTED");
        assertThat(proxy.log())
                .containsOnlyOnce("no upstream has answered 10.1.0.2, the client's address that they see")
                .contains("relay.jar check --source client --upstream 10.2.0.2:", "docs/transparent.md");
    }

    /** From the loopback address the kernel connects to no other host. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatAClientsAddressCannotReachIsNoFailureOfTheUpstream(Transport transport) throws Exception {
        RoutedNetwork network = network();
        ProxyHost proxy = ProxyHost.start(
                network, SourceProgram.class, "client", transport + ",127.0.0.1," + PORT + "," + echo(Family.IPV4));
        network.run(Host.PROXY, "echo hello | socat - " + transport + ":127.0.0.1:" + PORT + " || true");

        Await.until("it is counted", () -> proxy.counted().contains("dials failed LOCAL_RESOURCES 1"));
    }

    @Test
    void anAddressOfTheOtherFamilyHidesNoFailureOfTheRightOne() throws Exception {
        RoutedNetwork network = network();
        ProxyHost proxy = ProxyHost.start(
                network, SourceProgram.class, "client", route(Transport.TCP, Family.IPV4, PORT, "both:9"));
        proxy.serve(Transport.TCP, proxyHost(Family.IPV4), PORT, 1, false);

        assertThat(proxy.line()).startsWith("tcp-8000 CONNECT_REFUSED both:9");
    }

    /** Of which there are two here. */
    @Test
    void aNameOfTheOtherFamilyIsNoAttempt() throws Exception {
        RoutedNetwork network = network();
        ProxyHost proxy = ProxyHost.start(
                network,
                SourceProgram.class,
                "client",
                route(Transport.TCP, Family.IPV4, PORT, "a:7", "b:7", "c:7", echo(Family.IPV4)));
        List<String> said = proxy.serve(Transport.TCP, proxyHost(Family.IPV4), PORT, 8, false);

        assertThat(said).as(proxy.counted()).containsExactly("served 8");
    }

    /** Two connections of one client's port, to two routes, are one and the same to the upstream. */
    @ParameterizedTest
    @ValueSource(strings = {"client-port", "client-port-or-none"})
    void aPortThatIsTakenIsReplacedOrRefusesTheFlow(String source) throws Exception {
        RoutedNetwork network = network();
        ProxyHost proxy = ProxyHost.start(
                network,
                SourceProgram.class,
                source,
                route(Transport.TCP, Family.IPV4, PORT + 1, echo(Family.IPV4)),
                route(Transport.TCP, Family.IPV4, PORT, echo(Family.IPV4)));
        String from = ",sourceport=" + CHOSEN + ",reuseaddr";
        network.start(Host.CLIENT, "socat", "-", "TCP:10.1.0.1:" + PORT + from);
        network.awaitEstablished(Host.UPSTREAM, ECHO, 1);
        network.start(Host.CLIENT, "socat", "-", "TCP:10.1.0.1:" + (PORT + 1) + from);

        if (source.equals("client-port")) {
            network.awaitEstablished(Host.UPSTREAM, ECHO, 2);
            assertThat(proxy.counted()).contains("source ports changed 1");
        } else {
            assertThat(proxy.line()).startsWith("tcp-8001 SOURCE_PORT_TAKEN");
            assertThat(proxy.counted()).contains("dials failed SOURCE_PORT_TAKEN 1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-port", "client-port-or-none"})
    void aPortThatIsTakenForDatagramsIsReplacedOrDropsThem(String source) throws Exception {
        RoutedNetwork network = network();
        ProxyHost proxy = ProxyHost.start(
                network,
                SourceProgram.class,
                source,
                route(Transport.UDP, Family.IPV4, PORT + 1, echo(Family.IPV4)),
                route(Transport.UDP, Family.IPV4, PORT, echo(Family.IPV4)));
        for (int port : new int[] {PORT, PORT + 1}) {
            network.run(
                    Host.CLIENT, "echo hello | socat - UDP:10.1.0.1:" + port + ",sourceport=" + CHOSEN + ",reuseaddr");
        }

        String expected = source.equals("client-port") ? "source ports changed 1" : "dropped SOURCE_PORT_TAKEN 1";
        Await.until("it is counted", () -> proxy.counted().contains(expected));
    }

    @Test
    void onePortOfAClientTalksToTwoUpstreams() throws Exception {
        RoutedNetwork network = network();
        network.startEchoes(ECHO + 1);
        ProxyHost.start(
                network,
                SourceProgram.class,
                "client-port-or-none",
                route(Transport.UDP, Family.IPV4, PORT, upstream(Family.IPV4, ECHO)),
                route(Transport.UDP, Family.IPV4, PORT + 1, upstream(Family.IPV4, ECHO + 1)));

        for (int port : new int[] {PORT, PORT + 1, PORT}) {
            network.run(
                    Host.CLIENT,
                    "echo hello | socat - UDP:10.1.0.1:" + port + ",sourceport=" + CHOSEN + " | grep ' " + CHOSEN
                            + "$'");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anUpstreamOfTheOtherFamilyIsPassedOver(Transport transport) throws Exception {
        RoutedNetwork network = network();
        String[] routes = routes(transport, Family.IPV4, Family.IPV6, Family.IPV4);
        ProxyHost proxy = ProxyHost.start(
                network,
                SourceProgram.class,
                "client",
                route(transport, Family.IPV4, PORT + 1, echo(Family.IPV6)),
                routes[0],
                routes[1]);
        List<String> said = proxy.serve(transport, proxyHost(Family.IPV4), PORT, 20, false);
        assertThat(said).as(proxy.counted()).containsExactly("served 20");

        network.run(Host.CLIENT, "echo hello | socat - " + transport + ":10.1.0.1:" + (PORT + 1) + " || true");
        Await.until("it is counted", () -> proxy.counted().contains("OTHER_FAMILY 1"));
    }

    /** Ten ports, and thirty connections to three destinations. */
    @ParameterizedTest
    @ValueSource(strings = {"client", "10.2.0.1"})
    void aPortDoesForEachDestination(String source) throws Exception {
        RoutedNetwork network = network();
        network.startEchoes(ECHO + 1);
        network.startEchoes(ECHO + 2);
        network.run(Host.PROXY, "echo 40000 40009 > /proc/sys/net/ipv4/ip_local_port_range");
        String[] routes = new String[3];
        for (int i = 0; i < routes.length; i++) {
            routes[i] = route(Transport.TCP, Family.IPV4, PORT + i, "10.2.0.2:" + (ECHO + i));
        }
        ProxyHost proxy = ProxyHost.start(network, SourceProgram.class, source, routes[0], routes[1], routes[2]);

        assertThat(proxy.hold("10.1.0.1", 10, "8000", "8001", "8002")).containsExactly("held 30");
    }
}
