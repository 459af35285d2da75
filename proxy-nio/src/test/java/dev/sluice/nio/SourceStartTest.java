package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.PortTaken;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.SourceAddress;
import dev.sluice.TcpRoute;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.OtherProxy;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a route's source or interception needs is found out at start. */
class SourceStartTest {
    private static final String FLAG = "the JVM lacks a flag; start it with --add-opens java.base/sun.nio.ch=";

    @RegisterExtension
    final Testbed bed = new Testbed();

    static List<UnaryOperator<TcpRoute.Builder>> privileged() {
        return List.of(
                builder -> builder.source(SourceAddress.client()),
                builder -> builder.source(SourceAddress.clientWithPort(PortTaken.REFUSE)),
                builder -> builder.source(SourceAddress.fixed("127.0.0.1")),
                TcpRoute.Builder::intercept);
    }

    /** This JVM lacks it. */
    @ParameterizedTest
    @MethodSource("privileged")
    void aFlagThatIsMissingIsNamedAndNothingIsHalfOpen(UnaryOperator<TcpRoute.Builder> setting) throws Exception {
        InetSocketAddress address = FreeAddress.tcp();
        TcpRoute route = setting.apply(Route.tcp("web").listen("127.0.0.1", address.getPort()))
                .to("127.0.0.1:9");

        assertThatThrownBy(() -> ProxyServer.start(
                        Route.tcp("other").listen("127.0.0.1", 0).to("127.0.0.1:9"), route))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("route \"web\": ")
                .hasMessageContaining(FLAG);
        new ServerSocket(address.getPort(), 1, address.getAddress()).close();
    }

    @Test
    void aReplacementThatCannotBeLeavesTheRouteAsItIs() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        TcpRoute route = Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort());
        StartedProxy proxy = bed.start(route);

        assertThatThrownBy(() -> proxy.server()
                        .replace(
                                route.toBuilder().source(SourceAddress.client()).to(route.upstreams())))
                .hasMessageContaining(FLAG);
        assertThatThrownBy(() -> proxy.server()
                        .add(Route.tcp("more")
                                .listen("127.0.0.1", 0)
                                .intercept()
                                .to("127.0.0.1:9")))
                .hasMessageContaining(FLAG);
        assertThatThrownBy(() ->
                        proxy.server().replace(route.toBuilder().intercept().to(route.upstreams())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "route \"web\" cannot begin or cease to intercept on a socket that it has; remove it and add"
                                + " the other");
        assertThat(proxy.server().routes()).hasSize(1);
        assertThat(proxy.route().definition()).isEqualTo(route);
        bed.connect(proxy).send("hello").expect("hello");
    }

    @Test
    void anAddressThatIsNotThisHostsIsNamed() {
        TcpRoute route = Route.tcp("web")
                .listen("127.0.0.1", 0)
                .source(SourceAddress.fixed("192.0.2.1"))
                .to("127.0.0.1:9");

        assertThatThrownBy(() -> ProxyServer.start(route))
                .hasMessageStartingWith(
                        "route \"web\": source fixed(192.0.2.1): 192.0.2.1 is no address of this host (Cannot assign")
                .hasMessageEndingWith("name one that it has, or give it that: ip addr add 192.0.2.1 dev INTERFACE");
    }

    @Test
    void aCapabilityThatIsMissingIsNamed() throws Exception {
        assumeThat(OtherProxy.find("setpriv")).as("setpriv on this host").isPresent();
        List<String> arguments = new ArrayList<>(List.of("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED"));
        arguments.addAll(ChildJvm.testClass("off", SourceProgram.class, "client", "TCP,127.0.0.1,0,127.0.0.1:9"));
        try (ChildJvm child = ChildJvm.start(List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all"), arguments)) {
            assertThat(child.errors())
                    .contains("route \"tcp-0\": source client(): the process lacks the capability CAP_NET_ADMIN")
                    .contains("setcap cap_net_admin+ep ");
        }
    }
}
