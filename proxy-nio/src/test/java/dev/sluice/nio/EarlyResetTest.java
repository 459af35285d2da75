package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.Flow;
import dev.sluice.FlowEnd;
import dev.sluice.TcpRoute;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.TcpSetting;
import dev.sluice.nio.testkit.Testbed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An upstream that takes a connection only to reset it: a failed attempt, as long as no byte has passed. */
@ParameterizedClass
@MethodSource("dev.sluice.nio.testkit.TcpSetting#matrix")
class EarlyResetTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    @Parameter
    TcpSetting setting;

    private TcpServer first;
    private TcpServer second;

    @BeforeEach
    void servers() throws Exception {
        first = bed.server(setting.upstream());
        second = bed.server(setting.upstream());
    }

    private StartedProxy started(TcpRoute.Builder route) {
        return bed.start(
                setting::apply,
                route.to(Upstreams.of(List.of(Upstream.of(first.hostPort()), Upstream.of(second.hostPort())))
                        .select(UpstreamSelector.failover())));
    }

    @Test
    void whileNoByteHasPassedTheNextUpstreamIsTried() throws Exception {
        StartedProxy proxy = started(setting.route());
        TcpPeer client = bed.connect(proxy);

        first.accept().reset();
        TcpPeer upstream = second.accept().send("welcome");
        client.expect("welcome").send("hello");
        upstream.expect("hello").endStream();
        client.expectEnd().endStream();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.DONE);
        assertThat(end.attempts()).isEqualTo(2);
        assertThat(end.upstream()).isEqualTo(Upstream.of(second.hostPort()));
        assertThat(proxy.metrics().opened()).isEqualTo(1);
        assertThat(proxy.metrics().dialFailures(DialFailure.RESET)).isEqualTo(1);
        assertThat(proxy.upstream(0).dialFailures(DialFailure.RESET)).isEqualTo(1);
        assertThat(proxy.upstream(1).dialFailures(DialFailure.RESET)).isZero();
    }

    /** It had been passed on to the first, which counts for nothing. */
    @Test
    void anEndOfStreamIsNoByteAndReachesTheNextUpstreamToo() throws Exception {
        StartedProxy proxy = started(setting.route());
        TcpPeer client = bed.connect(proxy).endStream();

        first.accept().expectEnd().reset();
        second.accept().expectEnd().send("an answer all the same").endStream();

        client.expect("an answer all the same").expectEnd();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
        assertThat(proxy.upstream(0).dialFailures(DialFailure.RESET)).isEqualTo(1);
    }

    @Test
    void whenAllDoSoTheClientIsResetAsIfRefused() throws Exception {
        StartedProxy proxy = started(setting.route());
        Knock client = bed.own(Knock.at(proxy.address()));

        first.accept().reset();
        second.accept().reset();
        client.expectReset();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
        assertThat(end.attempts()).isEqualTo(2);
        assertThat(proxy.metrics().dialFailures(DialFailure.RESET)).isEqualTo(2);
        assertThat(proxy.metrics().dialFailures(DialFailure.REFUSED)).isZero();
    }

    @Test
    void suchAnAttemptIsOneOfThoseThatAreBounded() throws Exception {
        StartedProxy proxy = started(setting.route().connectAttempts(1, Duration.ofSeconds(30)));
        Knock client = bed.own(Knock.at(proxy.address()));

        first.accept().reset();
        client.expectReset();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(proxy.upstream(1).opened()).isZero();
    }

    /** Waiting in vain has a bound, however often the search begins anew. */
    @Test
    void afterTheDeadlineOverAllAttemptsNoOtherIsTried() throws Exception {
        Duration all = Duration.ofMillis(20);
        StartedProxy proxy = started(setting.route().connectTimeout(all).connectAttempts(2, all));
        Knock client = bed.own(Knock.at(proxy.address()));
        TcpPeer upstream = first.accept();
        Await.until("it has a flow", () -> proxy.metrics().active() == 1);
        Flow flow = proxy.route().flows().get(0);
        Await.until("the deadline is over", () -> flow.age().compareTo(all) > 0);

        upstream.reset();
        client.expectReset();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.UPSTREAM_RESET);
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(proxy.upstream(1).opened()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onceAByteHasPassedEitherWayTheResetIsPassedOn(boolean toUpstream) throws Exception {
        StartedProxy proxy = started(setting.route());
        TcpPeer client = bed.connect(proxy);
        TcpPeer upstream = first.accept();
        if (toUpstream) {
            client.send("x");
            upstream.expect("x");
        } else {
            upstream.send("x");
            client.expect("x");
        }

        upstream.reset();
        client.expectReset();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.UPSTREAM_RESET);
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(end.upstream()).isEqualTo(Upstream.of(first.hostPort()));
        assertThat(proxy.metrics().dialFailures(DialFailure.RESET)).isZero();
        assertThat(proxy.upstream(1).opened()).isZero();
    }
}
