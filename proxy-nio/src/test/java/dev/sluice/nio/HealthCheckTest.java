package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.Ejection;
import dev.sluice.HealthCheck;
import dev.sluice.Leaving;
import dev.sluice.ProxyListener;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamChange;
import dev.sluice.UpstreamHealth;
import dev.sluice.UpstreamMetrics;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Upstreams are checked over TCP, and those that fail get no flows. */
class HealthCheckTest {
    private static final Duration OFTEN = Duration.ofMillis(10);
    private static final HealthCheck CONNECT = HealthCheck.connect().interval(OFTEN);
    private static final HealthCheck STATUS =
            HealthCheck.exchange("status\n", "ready").interval(OFTEN);

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final List<UpstreamChange> changes = new CopyOnWriteArrayList<>();
    private final ProxyListener listener = new ProxyListener() {
        @Override
        public void upstreamChanged(UpstreamChange change) {
            changes.add(change);
        }
    };
    private volatile String status = "ready";
    private Upstream well;
    private Upstream dead;

    @BeforeEach
    void servers() throws Exception {
        well = bed.named("well");
        dead = Upstream.of(bed.own(ClosedPort.open(Family.IPV4)).hostPort()).id("dead");
    }

    /** It says its status to who asks, and echoes to all others. */
    private TcpServer talker() throws Exception {
        return bed.server(client -> {
            String request = client.line();
            if (request.equals("status")) {
                client.send("I am " + status + " now");
            } else {
                client.send(request);
                TcpServer.echo(client);
            }
        });
    }

    private StartedProxy started(Upstreams group) {
        return bed.start(
                listener,
                builder -> builder,
                Route.tcp("web").listen("127.0.0.1", 0).to(group));
    }

    private static Upstreams group(HealthCheck check, Upstream... members) {
        return Upstreams.of(List.of(members))
                .select(UpstreamSelector.failover())
                .eject(Ejection.off())
                .check(check);
    }

    private static UpstreamMetrics member(StartedProxy proxy, int place) {
        return proxy.server().upstreams("web").list().get(place);
    }

    private static void awaitHealth(StartedProxy proxy, int place, UpstreamHealth health) {
        Await.until("it is " + health, () -> member(proxy, place).health() == health);
    }

    private static void awaitPassed(StartedProxy proxy, int place) {
        long before = member(proxy, place).checksPassed();
        Await.until("it has passed a check", () -> member(proxy, place).checksPassed() > before);
    }

    @Test
    void whoFailsItsFirstCheckIsOutAtOnceAndGetsNoFlows() throws Exception {
        StartedProxy proxy = started(group(CONNECT.fall(1_000_000), dead, well));
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);

        bed.connect(proxy).expect("well");
        assertThat(member(proxy, 0).dialFailures(DialFailure.REFUSED)).isZero();
        assertThat(member(proxy, 0).healthReason()).isEqualTo("1 check failed, the last: Connection refused");
        assertThat(member(proxy, 0).checksFailed()).isPositive();
        assertThat(member(proxy, 1).health()).isEqualTo(UpstreamHealth.HEALTHY);
        assertThat(member(proxy, 0)).asString().contains("UNHEALTHY").contains("checks failed");
        Await.until("the listener has heard of it", () -> changes.size() == 1);
        assertThat(changes.get(0).from()).isEqualTo(UpstreamHealth.HEALTHY);
        assertThat(changes.get(0).to()).isEqualTo(UpstreamHealth.UNHEALTHY);
    }

    @Test
    void asManyChecksInARowAsSaidTakeOneOutAndBringItBack() throws Exception {
        Upstream talker = Upstream.of(talker().hostPort()).id("talker");
        StartedProxy proxy = started(group(STATUS.fall(4).rise(3), talker));
        awaitPassed(proxy, 0);
        status = "busy";
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        assertThat(member(proxy, 0).healthReason()).startsWith("4 checks in a row failed, the last: ");
        status = "ready";
        awaitHealth(proxy, 0, UpstreamHealth.HEALTHY);

        assertThat(member(proxy, 0).healthReason()).isEqualTo("3 checks in a row passed");
        Await.until("the listener has heard of both", () -> changes.size() == 2);
    }

    @Test
    void whereAllAreUnhealthyTheyAreTriedAllTheSame() throws Exception {
        status = "busy";
        Upstream busy = Upstream.of(talker().hostPort()).id("busy");
        StartedProxy proxy = started(group(STATUS, busy));
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);

        bed.connect(proxy).send("hello\n").expect("hello");
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsAFailure() throws Exception {
        TcpServer silent = bed.server(TcpPeer::line);
        HealthCheck impatient =
                HealthCheck.exchange("", "hello").interval(OFTEN).timeout(Duration.ofMillis(30));
        StartedProxy proxy = started(group(impatient, Upstream.of(silent.hostPort())));

        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        assertThat(member(proxy, 0).healthReason()).endsWith("no answer after 30 ms");
    }

    @Test
    void anAnswerThatEndsTooEarlyIsAFailure() throws Exception {
        TcpServer curt = bed.server(client -> client.send("hel"));
        StartedProxy proxy =
                started(group(HealthCheck.exchange("", "hello").interval(OFTEN), Upstream.of(curt.hostPort())));

        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        assertThat(member(proxy, 0).healthReason()).contains("ended without what is expected");
    }

    @Test
    void anAnswerIsNotReadWithoutEnd() throws Exception {
        TcpServer talkative = bed.server(client -> {
            while (true) {
                client.send("no ".repeat(1_000));
            }
        });
        StartedProxy proxy =
                started(group(HealthCheck.exchange("", "yes").interval(OFTEN), Upstream.of(talkative.hostPort())));

        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        assertThat(member(proxy, 0).healthReason()).contains("not in the first 64 KiB");
    }

    @Test
    void whoSpeaksFirstIsCheckedByItsGreeting() throws Exception {
        StartedProxy proxy = started(group(HealthCheck.exchange("", "ell").interval(OFTEN), well));

        awaitPassed(proxy, 0);
        assertThat(member(proxy, 0).checksFailed()).isZero();
    }

    @Test
    void aRequestLargerThanTheSocketTakesAtOnceIsSentWhole() throws Exception {
        String request = "x".repeat(65_000);
        TcpServer counter = bed.server(client -> {
            client.in().readNBytes(request.length());
            client.send("all of it");
        });
        StartedProxy proxy = started(
                group(HealthCheck.exchange(request, "all of it").interval(OFTEN), Upstream.of(counter.hostPort())));

        awaitPassed(proxy, 0);
    }

    @Test
    void anotherPortOfTheHostMayTellWhetherItIsReady() throws Exception {
        status = "busy";
        StartedProxy proxy = started(group(STATUS.port(talker().address().getPort()), well));
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        status = "ready";
        awaitHealth(proxy, 0, UpstreamHealth.HEALTHY);
    }

    @Test
    void aNameIsLookedUpForEachCheckAndItsAddressesTriedInTurn() throws Exception {
        int port = well.port();
        StartedProxy proxy = bed.start(
                listener,
                builder -> builder.resolver(host -> List.of(
                        Family.IPV6.socketAddress(0).getAddress(),
                        Family.IPV4.socketAddress(0).getAddress())),
                Route.tcp("web").listen("127.0.0.1", 0).to(group(CONNECT, Upstream.of("well.example:" + port))));

        awaitPassed(proxy, 0);
        assertThat(member(proxy, 0).checksFailed()).isZero();
    }

    @Test
    void aNameWithoutAddressFailsItsCheck() throws Exception {
        StartedProxy proxy = bed.start(
                listener,
                builder -> builder.resolver(host -> List.of()),
                Route.tcp("web").listen("127.0.0.1", 0).to(group(CONNECT, Upstream.of("nowhere.example:80"))));

        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        assertThat(member(proxy, 0).healthReason()).endsWith("name not resolved");
    }

    @Test
    void checksThatPassEndAnEjectionBeforeItsTime() throws Exception {
        TcpServer moody = bed.server(client -> {
            if (status.equals("ready")) {
                TcpServer.echo(client);
            } else {
                client.reset();
            }
        });
        status = "moody";
        StartedProxy proxy = started(group(CONNECT, Upstream.of(moody.hostPort()), well)
                .eject(Ejection.after(1).times(Duration.ofHours(1), Duration.ofHours(1))));
        while (member(proxy, 0).ejections() == 0) {
            // A reset may meet a check before it has connected, which puts it out, too, until two have passed.
            bed.connect(proxy).expect("well");
        }
        status = "ready";

        awaitHealth(proxy, 0, UpstreamHealth.HEALTHY);
        assertThat(member(proxy, 0).healthReason()).endsWith("checks in a row passed");
    }

    @Test
    void flowsOfOneThatBecomesUnhealthyStay() throws Exception {
        StartedProxy proxy = started(group(STATUS, Upstream.of(talker().hostPort())));
        awaitPassed(proxy, 0);
        TcpPeer client = bed.connect(proxy).send("hello\n").expect("hello");
        status = "busy";
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);

        client.send("still here").expect("still here");
    }

    @Test
    void flowsOfOneThatBecomesUnhealthyAreClosedWhereThatIsAsked() throws Exception {
        StartedProxy proxy = started(group(STATUS.leaving(Leaving.close()), Upstream.of(talker().hostPort())));
        awaitPassed(proxy, 0);
        TcpPeer client = bed.connect(proxy).send("hello\n").expect("hello");
        status = "busy";

        client.expectReset();
        assertThat(proxy.route().metrics().ended(CloseReason.UPSTREAM_UNHEALTHY))
                .isOne();
    }

    @Test
    void whoHasLeftTheGroupIsCheckedNoMore() throws Exception {
        TcpServer leaver = talker();
        StartedProxy proxy = started(group(STATUS, Upstream.of(leaver.hostPort()), well));
        awaitPassed(proxy, 0);
        proxy.server().upstreams("web").update(List.of(well));

        int last = (int) Await.standstill(leaver::accepted);
        assertThat(leaver.accepted()).isEqualTo(last);
    }

    @Test
    void anUpdateKeepsTheHealthOfWhoStaysAndChecksWhoJoins() throws Exception {
        StartedProxy proxy = started(group(CONNECT.rise(1_000_000), dead));
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        proxy.server().upstreams("web").update(List.of(well, dead));

        assertThat(member(proxy, 1).health()).isEqualTo(UpstreamHealth.UNHEALTHY);
        awaitPassed(proxy, 0);
    }

    @Test
    void aGroupThatIsCheckedNoMoreIsHealthyAgain() throws Exception {
        Upstreams checked = group(CONNECT, dead, well);
        StartedProxy proxy = started(checked);
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        proxy.server()
                .replace(Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(List.of(dead, well)).eject(Ejection.off())));

        awaitHealth(proxy, 0, UpstreamHealth.HEALTHY);
        assertThat(member(proxy, 0).healthReason()).isEqualTo("it is checked no more");
    }

    @Test
    void inAPanicAllAreUsedAndThatIsVisible() throws Exception {
        StartedProxy proxy = started(group(CONNECT, dead, well).panicBelow(0.75));
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);
        Await.until("there is a panic", () -> proxy.server().upstreams("web").isInPanic());

        bed.connect(proxy).expect("well");
        assertThat(member(proxy, 0).dialFailures(DialFailure.REFUSED)).isOne();
        proxy.server().upstreams("web").update(List.of(well));
        assertThat(proxy.server().upstreams("web").isInPanic()).isFalse();
    }

    @Test
    void aShareOfTheHealthyThatIsReachedIsNoPanic() throws Exception {
        StartedProxy proxy =
                started(group(CONNECT, dead, well, well.id("lame").weight(0)).panicBelow(0.5));
        awaitHealth(proxy, 0, UpstreamHealth.UNHEALTHY);

        assertThat(proxy.server().upstreams("web").isInPanic()).isFalse();
    }

    /** As a product of doubles, 0.28 of 25 is more than 7. */
    @Test
    void aShareThatIsReachedJustSoIsNoPanic() throws Exception {
        Upstream[] members = new Upstream[25];
        for (int i = 0; i < members.length; i++) {
            members[i] = (i < 7 ? well : dead).id("member " + i);
        }
        StartedProxy proxy = started(group(CONNECT, members).panicBelow(0.28));
        for (int i = 7; i < members.length; i++) {
            awaitHealth(proxy, i, UpstreamHealth.UNHEALTHY);
        }
        awaitPassed(proxy, 0);

        assertThat(proxy.server().upstreams("web").isInPanic()).isFalse();
    }
}
