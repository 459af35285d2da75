package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.FlowEnd;
import dev.sluice.TcpRoute;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.TcpSetting;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that refuse: another is tried, none twice, and at some point it is enough. */
@ParameterizedClass
@MethodSource("dev.sluice.nio.testkit.TcpSetting#matrix")
class DialFailureTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    /** A name of an address to which there is no way. */
    private static final String NOWHERE = "nowhere.example:9";

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Parameter
    TcpSetting setting;

    private String refusing() throws IOException {
        return bed.own(ClosedPort.open(setting.upstream())).hostPort();
    }

    private StartedProxy started(TcpRoute route) {
        return bed.start(
                builder -> setting.apply(builder.resolver(name -> List.of(InetAddress.getByName("255.255.255.255")))),
                route);
    }

    /** These upstreams, tried in this order. */
    private static Upstreams inOrder(String... upstreams) {
        return Upstreams.of(Stream.of(upstreams).map(Upstream::of).toList()).select(UpstreamSelector.failover());
    }

    private static List<Long> refusals(StartedProxy proxy, int upstreams) {
        return IntStream.range(0, upstreams)
                .mapToObj(place -> proxy.upstream(place).dialFailures(DialFailure.REFUSED))
                .toList();
    }

    @Test
    void theNextUpstreamIsTriedUntilOneAnswers() throws Exception {
        TcpServer server = bed.server(setting.upstream(), TcpServer::echo);
        StartedProxy proxy = started(setting.route().to(inOrder(refusing(), refusing(), server.hostPort())));

        bed.connect(proxy).send("hello").expect("hello").endStream().expectEnd();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
        assertThat(end.attempts()).isEqualTo(3);
        assertThat(end.upstream()).isEqualTo(Upstream.of(server.hostPort()));
        assertThat(refusals(proxy, 3)).containsExactly(1L, 1L, 0L);
        assertThat(proxy.log().opened()).containsExactly(Upstream.of(server.hostPort()));
    }

    @Test
    void whenAllRefuseTheClientIsResetAndTheReasonIsRecordedOnce() throws Exception {
        assumeTrue(OpenSockets.areListed());
        StartedProxy proxy = started(setting.route().to(refusing(), refusing()));
        int before = OpenSockets.count();

        Knock.at(proxy.address()).expectReset().close();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
        assertThat(end.attempts()).isEqualTo(2);
        assertThat(proxy.metrics().ended(CloseReason.CONNECT_REFUSED)).isEqualTo(1);
        assertThat(proxy.metrics().dialFailures(DialFailure.REFUSED)).isEqualTo(2);
        assertThat(proxy.metrics().opened()).isEqualTo(1);
        Await.until("no socket of the flow is left", () -> OpenSockets.count() <= before);
    }

    /** Were one tried twice, another would be left out, or asked of more often than there were flows. */
    @Test
    void noUpstreamIsTriedTwiceForOneConnection() throws Exception {
        int flows = 5;
        StartedProxy proxy =
                started(setting.route().connectAttempts(10, LONG).to(refusing(), refusing(), refusing(), refusing()));

        for (int i = 0; i < flows; i++) {
            Knock.at(proxy.address()).expectReset().close();
        }

        assertThat(proxy.log().awaitEnds(flows)).extracting(FlowEnd::attempts).containsOnly(4);
        assertThat(refusals(proxy, 4)).containsOnly((long) flows);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void connectAttemptsBoundsHowManyAreTried(int attempts) throws Exception {
        TcpServer server = bed.server(setting.upstream(), TcpServer::echo);
        StartedProxy proxy = started(
                setting.route().connectAttempts(attempts, LONG).to(inOrder(refusing(), refusing(), server.hostPort())));

        Knock.at(proxy.address()).expectReset().close();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
        assertThat(end.attempts()).isEqualTo(attempts);
        assertThat(proxy.metrics().dialFailures(DialFailure.REFUSED)).isEqualTo(attempts);
        assertThat(server.accepted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLastFailureIsTheReasonAndEachIsCountedAsWhatItWas(boolean refusedLast) throws Exception {
        StartedProxy proxy =
                started(setting.route().to(refusedLast ? inOrder(NOWHERE, refusing()) : inOrder(refusing(), NOWHERE)));

        Knock.at(proxy.address()).expectReset().close();

        assertThat(proxy.log().awaitEnd().reason())
                .isEqualTo(refusedLast ? CloseReason.CONNECT_REFUSED : CloseReason.CONNECT_FAILED);
        assertThat(proxy.metrics().dialFailures(DialFailure.REFUSED)).isEqualTo(1);
        assertThat(proxy.metrics().dialFailures(DialFailure.UNREACHABLE)).isEqualTo(1);
        assertThat(refusals(proxy, 2)).containsExactly(refusedLast ? 0L : 1L, refusedLast ? 1L : 0L);
    }
}
