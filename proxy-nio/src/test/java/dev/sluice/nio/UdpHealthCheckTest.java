package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.Ejection;
import dev.sluice.HealthCheck;
import dev.sluice.Leaving;
import dev.sluice.RunningRoute;
import dev.sluice.Upstream;
import dev.sluice.UpstreamHealth;
import dev.sluice.UpstreamMetrics;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Upstreams are checked over UDP, and the sessions of those that fail end. */
class UdpHealthCheckTest {
    private static final HealthCheck ECHO =
            HealthCheck.datagram("are you there?", "there").interval(Duration.ofMillis(10));

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    private StartedProxy started(HealthCheck check, String... members) {
        return udp.start(Udp.route()
                .to(Upstreams.of(List.of(members).stream().map(Upstream::of).toList())
                        .select(UpstreamSelector.failover())
                        .eject(Ejection.off())
                        .check(check)));
    }

    private static UpstreamMetrics member(StartedProxy proxy, int place) {
        return proxy.server().upstreams("dns").list().get(place);
    }

    private static void awaitHealth(StartedProxy proxy, int place, UpstreamHealth health) {
        Await.until("it is " + health, () -> member(proxy, place).health() == health);
    }

    @Test
    void whoAnswersAsExpectedIsHealthy() throws Exception {
        StartedProxy proxy = started(ECHO, udp.echo().hostPort());

        Await.until("checks were passed", () -> member(proxy, 0).checksPassed() > 3);
        assertThat(member(proxy, 0).checksFailed()).isZero();
    }

    @Test
    void whoAnswersSomethingElseIsNot() throws Exception {
        HealthCheck wrong = HealthCheck.datagram("ping", "pong").interval(Duration.ofMillis(10));
        StartedProxy proxy = started(wrong, udp.echo().hostPort());

        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        assertThat(member(proxy, 0).healthReason()).endsWith("the answer, of 4 bytes, is not what is expected");
    }

    @Test
    void anEmptyAnswerWillDoWhereAnyWill() throws Exception {
        UdpPeer server = udp.peer();
        StartedProxy proxy =
                started(HealthCheck.datagram("ping", "").interval(Duration.ofMillis(10)), server.hostPort());
        server.send(server.receive().from(), new byte[0]);

        Await.until("the check was passed", () -> member(proxy, 0).checksPassed() == 1);
    }

    @Test
    void whoIsNotThereIsFoundOutAtOnce() throws Exception {
        UdpPeer gone = udp.peer();
        String place = gone.hostPort();
        gone.close();
        StartedProxy proxy = started(ECHO.timeout(Duration.ofHours(1)), place);

        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        assertThat(member(proxy, 0).healthReason()).containsIgnoringCase("unreachable");
    }

    @Test
    void whoIsSilentIsFoundOutInTime() throws Exception {
        StartedProxy proxy =
                started(ECHO.timeout(Duration.ofMillis(30)), udp.peer().hostPort());

        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        assertThat(member(proxy, 0).healthReason()).endsWith("no answer after 30 ms");
    }

    @Test
    void sessionsOfOneThatBecomesUnhealthyFindAnother() throws Exception {
        UdpServer first = UdpServer.named("first ", Family.IPV4.socketAddress(0));
        bed.own(first);
        StartedProxy proxy =
                started(ECHO, first.hostPort(), udp.named("second ").hostPort());
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "one");
        assertThat(client.receive().text()).isEqualTo("first one");
        first.close();
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        Await.until("the session has ended", () -> proxy.route().metrics().ended(CloseReason.UPSTREAM_UNHEALTHY) == 1);
        client.send(proxy.address(), "two");

        assertThat(client.receive().text()).isEqualTo("second two");
    }

    @Test
    void sessionsHaveTimeToEndWhereThatIsAsked() throws Exception {
        UdpPeer server = udp.peer();
        HealthCheck check = HealthCheck.datagram("check", "")
                .interval(Duration.ofMillis(10))
                .timeout(Duration.ofMillis(30))
                .leaving(Leaving.drain(Duration.ofHours(1)));
        StartedProxy proxy = started(check, server.hostPort());
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "hello");
        Await.until("it is relayed", () -> proxy.route().metrics().datagramsToUpstream() == 1);

        assertThat(proxy.route().metrics().ended(CloseReason.UPSTREAM_UNHEALTHY))
                .isZero();
    }

    /** A route whose upstreams are all out has a session with the first of them. */
    private UdpPeer clientOfTheFirst(StartedProxy proxy) throws Exception {
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "lost");
        Await.until("it is relayed", () -> member(proxy, 0).datagramsToUpstream() > 0);
        return client;
    }

    @Test
    void sessionsOpenedForWantOfAHealthyOneFindTheOneThatComesBack() throws Exception {
        UdpPeer silent = udp.peer();
        UdpPeer away = udp.peer();
        InetSocketAddress place = away.address();
        String written = away.hostPort();
        away.close();
        StartedProxy proxy = started(ECHO.timeout(Duration.ofMillis(30)), silent.hostPort(), written);
        awaitHealth(proxy, 1, UpstreamHealth.UNHEALTHY);
        UdpPeer client = clientOfTheFirst(proxy);

        bed.own(UdpServer.named("back: ", place));
        Await.until("the session has ended", () -> proxy.metrics().ended(CloseReason.UPSTREAM_UNHEALTHY) == 1);
        client.send(proxy.address(), "hello");
        assertThat(client.receive().text()).isEqualTo("back: hello");
    }

    @Test
    void sessionsOpenedForWantOfAHealthyOneFindTheOneThatJoins() throws Exception {
        UdpPeer silent = udp.peer();
        StartedProxy proxy = started(ECHO.timeout(Duration.ofMillis(30)), silent.hostPort());
        UdpPeer client = clientOfTheFirst(proxy);

        Upstream newcomer = Upstream.of(udp.named("new: ").hostPort());
        proxy.server().upstreams("dns").update(List.of(Upstream.of(silent.hostPort()), newcomer));
        Await.until("the session has ended", () -> proxy.metrics().ended(CloseReason.UPSTREAM_UNHEALTHY) == 1);
        client.send(proxy.address(), "hello");
        assertThat(client.receive().text()).isEqualTo("new: hello");
    }

    @Test
    void sessionsOfARouteThatWasRemovedEndToo() throws Exception {
        UdpServer first = udp.named("first ");
        Upstreams group = Upstreams.of(first.hostPort())
                .named("dns")
                .eject(Ejection.off())
                .check(ECHO);
        StartedProxy proxy =
                udp.start(Udp.route("leaves").to(group), Udp.route("stays").to(group));
        RunningRoute leaving = proxy.route();
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "one");
        assertThat(client.receive().text()).isEqualTo("first one");
        proxy.server().remove("leaves", Leaving.keep());

        first.close();
        Await.until("the session has ended", () -> leaving.metrics().ended(CloseReason.UPSTREAM_UNHEALTHY) == 1);
    }

    @Test
    void sessionsWithWhereAnUpstreamWasBeforeAreNotEndedByWhereItIs() throws Exception {
        UdpServer before = udp.named("before ");
        UdpPeer gone = udp.peer();
        Upstream moved = Upstream.of(gone.hostPort()).id("moving");
        gone.close();
        Upstreams group = Upstreams.of(List.of(Upstream.of(before.hostPort()).id("moving")));
        StartedProxy proxy =
                udp.start(Udp.route().to(group.eject(Ejection.off()).check(ECHO)));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "one");
        assertThat(client.receive().text()).isEqualTo("before one");

        proxy.server().upstreams("dns").update(List.of(moved));
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        proxy.awaitTurn();
        client.send(proxy.address(), "two");
        assertThat(client.receive().text()).isEqualTo("before two");
    }

    @Test
    void aSilentAddressOfANameDoesNotUseUpTheTimeOfTheOthers() throws Exception {
        UdpServer server = udp.echo();
        InetAddress silent = InetAddress.getByName("127.0.0.2");
        bed.own(UdpPeer.open(new InetSocketAddress(silent, server.address().getPort())));
        StartedProxy proxy = udp.start(
                builder -> builder.resolver(
                        name -> List.of(silent, server.address().getAddress())),
                Udp.route()
                        .to(Upstreams.of("two.example:" + server.address().getPort())
                                .check(ECHO.timeout(Duration.ofMillis(400)))));

        Await.until("a check was passed", () -> member(proxy, 0).checksPassed() > 0);
        assertThat(member(proxy, 0).checksFailed()).isZero();
    }
}
