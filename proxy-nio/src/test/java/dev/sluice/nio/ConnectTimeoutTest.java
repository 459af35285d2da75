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
import dev.sluice.nio.testkit.DeafServer;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.TcpSetting;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that do not answer at all: one attempt is bounded, and so are all together. */
@ParameterizedClass
@MethodSource("dev.sluice.nio.testkit.TcpSetting#matrix")
class ConnectTimeoutTest {
    private static final Duration SHORT = Duration.ofMillis(20);

    @RegisterExtension
    final Testbed bed = new Testbed();

    @Parameter
    TcpSetting setting;

    private String deaf() throws IOException {
        return bed.own(DeafServer.open(setting.upstream())).hostPort();
    }

    private String refusing() throws IOException {
        return bed.own(ClosedPort.open(setting.upstream())).hostPort();
    }

    private StartedProxy started(TcpRoute route) {
        return bed.start(setting::apply, route);
    }

    /** These upstreams, tried in this order. */
    private static Upstreams inOrder(String... upstreams) {
        return Upstreams.of(Stream.of(upstreams).map(Upstream::of).toList()).select(UpstreamSelector.failover());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTimeoutIsToldApartFromARefusalInReasonAndCounter(boolean timeoutLast) throws Exception {
        StartedProxy proxy = started(setting.route()
                .connectTimeout(SHORT)
                .to(timeoutLast ? inOrder(refusing(), deaf()) : inOrder(deaf(), refusing())));
        int deaf = timeoutLast ? 1 : 0;

        Knock.at(proxy.address()).expectReset().close();

        assertThat(proxy.log().awaitEnd().reason())
                .isEqualTo(timeoutLast ? CloseReason.CONNECT_TIMEOUT : CloseReason.CONNECT_REFUSED);
        assertThat(proxy.metrics().dialFailures(DialFailure.TIMEOUT)).isEqualTo(1);
        assertThat(proxy.metrics().dialFailures(DialFailure.REFUSED)).isEqualTo(1);
        assertThat(proxy.upstream(deaf).dialFailures(DialFailure.TIMEOUT)).isEqualTo(1);
        assertThat(proxy.upstream(deaf).dialFailures(DialFailure.REFUSED)).isZero();
        assertThat(proxy.upstream(1 - deaf).dialFailures(DialFailure.TIMEOUT)).isZero();
        assertThat(proxy.upstream(1 - deaf).dialFailures(DialFailure.REFUSED)).isEqualTo(1);
    }

    /** What the client says meanwhile waits for the one that answers, its end too. */
    @Test
    void afterATimeoutTheNextUpstreamIsTried() throws Exception {
        TcpServer server = bed.server(setting.upstream(), TcpServer::echo);
        StartedProxy proxy =
                started(setting.route().connectTimeout(SHORT).to(inOrder(deaf(), deaf(), server.hostPort())));

        bed.connect(proxy).send("hello").endStream().expect("hello").expectEnd();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
        assertThat(end.attempts()).isEqualTo(3);
        assertThat(end.dialled()).isBetween(SHORT.multipliedBy(2), end.took());
        assertThat(proxy.metrics().dialFailures(DialFailure.TIMEOUT)).isEqualTo(2);
    }

    @Test
    void anAttemptThatTimedOutLeavesNoSocket() throws Exception {
        assumeTrue(OpenSockets.areListed());
        StartedProxy proxy = started(setting.route().connectTimeout(SHORT).to(deaf(), deaf()));
        int before = OpenSockets.count();

        Knock.at(proxy.address()).expectReset().close();

        assertThat(proxy.log().awaitEnd().attempts()).isEqualTo(2);
        Await.until("no socket of the flow is left", () -> OpenSockets.count() <= before);
    }

    /** The fourth attempt would begin after the last moment. */
    @Test
    void theDeadlineOverAllAttemptsIsHeld() throws Exception {
        Duration all = SHORT.multipliedBy(5).dividedBy(2);
        StartedProxy proxy = started(setting.route()
                .connectTimeout(SHORT)
                .connectAttempts(5, all)
                .to(deaf(), deaf(), deaf(), deaf(), deaf()));

        Knock.at(proxy.address()).expectReset().close();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_TIMEOUT);
        assertThat(end.took()).isGreaterThanOrEqualTo(all);
        assertThat(end.dialled()).isZero();
        assertThat(end.attempts()).isBetween(1, 3);
        assertThat(proxy.metrics().dialFailures(DialFailure.TIMEOUT)).isEqualTo(end.attempts());
    }

    @Test
    void theDeadlineOverAllAttemptsCutsTheOneUnderWay() throws Exception {
        TcpServer server = bed.server(setting.upstream(), TcpServer::echo);
        StartedProxy proxy = started(setting.route()
                .connectTimeout(Duration.ZERO)
                .connectAttempts(2, SHORT)
                .to(inOrder(deaf(), server.hostPort())));

        Knock.at(proxy.address()).expectReset().close();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_TIMEOUT);
        assertThat(end.took()).isGreaterThanOrEqualTo(SHORT);
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(server.accepted()).isZero();
    }

    @Test
    void withoutADeadlineOverAllEachAttemptHasItsOwn() throws Exception {
        TcpServer server = bed.server(setting.upstream(), TcpServer::echo);
        StartedProxy proxy = started(setting.route()
                .connectTimeout(SHORT)
                .connectAttempts(2, Duration.ZERO)
                .to(inOrder(deaf(), server.hostPort())));

        bed.connect(proxy).send("hello").expect("hello");

        assertThat(proxy.upstream(0).dialFailures(DialFailure.TIMEOUT)).isEqualTo(1);
    }
}
