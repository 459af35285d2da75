package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.Ejection;
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
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that fail are taken out of rotation, and come back. */
class EjectionTest {
    private static final Ejection LONG = Ejection.after(3).times(Duration.ofHours(1), Duration.ofHours(1));
    private static final Ejection SHORT = Ejection.after(3).times(Duration.ofMillis(20), Duration.ofMillis(20));

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);
    private final List<UpstreamChange> changes = new CopyOnWriteArrayList<>();
    private final ProxyListener listener = new ProxyListener() {
        @Override
        public void upstreamChanged(UpstreamChange change) {
            changes.add(change);
        }
    };
    private volatile boolean isMoody;
    private Upstream well;
    private Upstream dead;

    @BeforeEach
    void servers() throws Exception {
        well = bed.named("well");
        dead = dead("dead");
    }

    /** It serves while it is in the mood, and resets everybody otherwise. */
    private Upstream moody() throws Exception {
        TcpServer server = bed.server(client -> {
            if (isMoody) {
                client.reset();
            } else {
                client.send("moody");
                TcpServer.echo(client);
            }
        });
        return Upstream.of(server.hostPort()).id("moody");
    }

    private Upstream dead(String name) throws Exception {
        return Upstream.of(bed.own(ClosedPort.open(Family.IPV4)).hostPort()).id(name);
    }

    /** A route that tries the first of these as long as it may. */
    private StartedProxy started(Ejection policy, int workers, Upstream... members) {
        return bed.start(
                listener,
                builder -> builder.workers(workers),
                Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(List.of(members))
                                .select(UpstreamSelector.failover())
                                .eject(policy)));
    }

    private static UpstreamMetrics member(StartedProxy proxy, int place) {
        return proxy.server().upstreams("web").list().get(place);
    }

    private void served(StartedProxy proxy, int flows) throws Exception {
        for (int i = 0; i < flows; i++) {
            bed.connect(proxy).expect("well");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void afterItsFailuresInARowItIsTriedNoMore(int workers) throws Exception {
        StartedProxy proxy = started(LONG, workers, dead, well);

        served(proxy, 20);
        assertThat(member(proxy, 0).dialFailures(DialFailure.REFUSED)).isEqualTo(3);
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.EJECTED);
        assertThat(member(proxy, 0).ejections()).isOne();
        assertThat(member(proxy, 1).health()).isEqualTo(UpstreamHealth.HEALTHY);
        assertThat(member(proxy, 0)).asString().contains("EJECTED").contains("ejections 1");
    }

    @Test
    void theListenerHearsThatAnUpstreamGoesAndComesBack() throws Exception {
        StartedProxy proxy = started(SHORT, 1, dead, well);

        served(proxy, 3);
        Await.until("it is back", () -> changes.size() == 2);
        UpstreamChange out = changes.get(0);
        assertThat(out.group()).isEqualTo("web");
        assertThat(out.upstream()).isEqualTo(dead);
        assertThat(out.from()).isEqualTo(UpstreamHealth.HEALTHY);
        assertThat(out.to()).isEqualTo(UpstreamHealth.EJECTED);
        assertThat(out.reason()).isEqualTo("for 20 ms, after 3 in a row failed, the last: REFUSED");
        UpstreamChange back = changes.get(1);
        assertThat(back.upstream()).isEqualTo(dead);
        assertThat(back.to()).isEqualTo(UpstreamHealth.HEALTHY);
        assertThat(back.at()).isAfterOrEqualTo(out.at());
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.HEALTHY);
    }

    @Test
    void whoReturnsIsEjectedByItsFirstFailure() throws Exception {
        StartedProxy proxy = started(SHORT, 1, dead, well);

        served(proxy, 3);
        Await.until("it is back", () -> changes.size() == 2);
        served(proxy, 1);
        Await.until("it is out again", () -> changes.size() >= 3);
        assertThat(member(proxy, 0).ejections()).isEqualTo(2);
        assertThat(member(proxy, 0).dialFailures(DialFailure.REFUSED)).isEqualTo(4);
    }

    @Test
    void anAnswerBeginsANewRow() throws Exception {
        StartedProxy proxy = started(LONG, 1, moody(), well);

        isMoody = true;
        served(proxy, 2);
        isMoody = false;
        bed.connect(proxy).expect("moody");
        isMoody = true;
        served(proxy, 2);
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.HEALTHY);
        served(proxy, 1);
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.EJECTED);
    }

    @Test
    void theLastOneIsNeverEjected() throws Exception {
        StartedProxy proxy = started(LONG, 2, dead, dead("dead too"));

        for (int i = 0; i < 10; i++) {
            bed.own(Knock.at(proxy.address())).expectReset();
        }
        Await.until("all have failed", () -> proxy.metrics().ended(CloseReason.CONNECT_REFUSED) == 10);
        assertThat(List.of(member(proxy, 0).health(), member(proxy, 1).health()))
                .containsExactlyInAnyOrder(UpstreamHealth.EJECTED, UpstreamHealth.HEALTHY);
    }

    @Test
    void aLameDuckIsNoReasonToEjectTheLastOne() throws Exception {
        StartedProxy proxy = started(LONG, 1, dead, well.weight(0));

        for (int i = 0; i < 5; i++) {
            bed.own(Knock.at(proxy.address())).expectReset();
        }
        Await.until("all have failed", () -> proxy.metrics().ended(CloseReason.CONNECT_REFUSED) == 5);
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.HEALTHY);
    }

    @Test
    void anEjectedOneIsTriedWhereNoOtherIsLeft() throws Exception {
        Upstream moody = moody();
        StartedProxy proxy = started(LONG, 1, moody, well);
        isMoody = true;
        served(proxy, 3);

        isMoody = false;
        proxy.server().upstreams("web").update(List.of(moody, dead("well")), Leaving.keep());
        bed.connect(proxy).expect("moody");
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.EJECTED);
        assertThat(member(proxy, 1).dialFailures(DialFailure.REFUSED)).isOne();
    }

    @Test
    void aSelectorThatFindsNobodyIsAskedAgainWithThoseThatAreOut() throws Exception {
        UpstreamSelector onlyMoody =
                (candidates, flow) -> candidates.first(upstream -> upstream.id().equals("moody"));
        Upstreams group = Upstreams.of(List.of(moody(), well)).eject(LONG);
        StartedProxy proxy = bed.start(
                listener,
                builder -> builder,
                Route.tcp("web").listen("127.0.0.1", 0).to(group.select(onlyMoody)));
        isMoody = true;
        for (int i = 0; i < 3; i++) {
            bed.own(Knock.at(proxy.address())).expectReset();
        }
        Await.until("it is out", () -> member(proxy, 0).health() == UpstreamHealth.EJECTED);

        isMoody = false;
        bed.connect(proxy).expect("moody");
        assertThat(proxy.metrics().ended(CloseReason.NO_CANDIDATE)).isZero();
    }

    @Test
    void connectionsOfAnEjectedOneStay() throws Exception {
        StartedProxy proxy = started(LONG, 1, moody(), well);
        TcpPeer old = bed.connect(proxy).expect("moody");

        isMoody = true;
        served(proxy, 3);
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.EJECTED);
        old.send("still here").expect("still here");
    }

    @Test
    void atAnotherPlaceItBeginsAnew() throws Exception {
        StartedProxy proxy = started(LONG, 1, dead, well);
        served(proxy, 3);
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.EJECTED);

        proxy.server().upstreams("web").update(List.of(well.id("dead"), dead.id("well")));
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.HEALTHY);
        served(proxy, 1);
        assertThat(member(proxy, 0).opened()).isOne();
        Await.until("it is told", () -> changes.size() == 2);
        assertThat(changes.get(1).from()).isEqualTo(UpstreamHealth.EJECTED);
        assertThat(changes.get(1).to()).isEqualTo(UpstreamHealth.HEALTHY);
        assertThat(changes.get(1).reason()).isEqualTo("it is at another address now");
    }

    @Test
    void aSelectorThatKeepsToOneThatIsOutHasFailed() throws Exception {
        StartedProxy proxy = bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .connectAttempts(1, Duration.ofSeconds(10))
                .to(Upstreams.of(List.of(dead, well))
                        .select((candidates, flow) -> 0)
                        .eject(Ejection.after(1).times(Duration.ofHours(1), Duration.ofHours(1)))));
        bed.own(Knock.at(proxy.address())).expectReset();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.CONNECT_REFUSED);

        bed.own(Knock.at(proxy.address())).expectReset();
        assertThat(proxy.log().awaitEnds(2).get(1).reason()).isEqualTo(CloseReason.SELECTOR_FAILED);
        assertThat(proxy.metrics().callbackFailures()).isOne();
    }

    @Test
    void aConnectionThatIsResetAtOnceIsAFailure() throws Exception {
        Upstream resets = Upstream.of(bed.server(TcpPeer::reset).hostPort()).id("resets");
        StartedProxy proxy = started(LONG, 1, resets, well);

        served(proxy, 10);
        Await.until("it is told that it is out", () -> !changes.isEmpty());
        assertThat(changes)
                .extracting(UpstreamChange::reason)
                .singleElement()
                .asString()
                .endsWith("the last: RESET");
    }

    @Test
    void whereEjectionIsOffWhoFailsIsTriedAgainAndAgain() throws Exception {
        StartedProxy proxy = started(Ejection.off(), 1, dead, well);

        served(proxy, 20);
        assertThat(member(proxy, 0).dialFailures(DialFailure.REFUSED)).isEqualTo(20);
        assertThat(member(proxy, 0).health()).isEqualTo(UpstreamHealth.HEALTHY);
    }

    @Test
    void anUpdateKeepsTheHealthOfWhoStays() throws Exception {
        StartedProxy proxy = started(LONG, 1, dead, well);
        served(proxy, 3);

        proxy.server().upstreams("web").update(List.of(well, dead.weight(5)));
        assertThat(member(proxy, 1).health()).isEqualTo(UpstreamHealth.EJECTED);
        proxy.server().upstreams("web").update(List.of(well));
        proxy.server().upstreams("web").update(List.of(well, dead));
        assertThat(member(proxy, 1).health()).isEqualTo(UpstreamHealth.HEALTHY);
    }

    @Test
    void sessionsOfAnEjectedUpstreamEndAndTheNextDatagramGoesElsewhere() throws Exception {
        UdpPeer gone = udp.peer();
        Upstream closed = Upstream.of(gone.hostPort()).id("closed");
        gone.close();
        Upstream echo = Upstream.of(udp.echo().hostPort()).id("echo");
        StartedProxy proxy = udp.start(
                builder -> builder.workers(1),
                Route.udp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(List.of(closed, echo))
                                .select(UpstreamSelector.failover())
                                .eject(LONG)));
        UdpPeer client = udp.peer();

        while (member(proxy, 0).health() == UpstreamHealth.HEALTHY) {
            client.send(proxy.address(), "lost");
            proxy.awaitTurn();
        }
        Await.until("its session ends", () -> proxy.metrics().ended(CloseReason.UPSTREAM_UNHEALTHY) == 1);
        client.send(proxy.address(), "found");
        String answer = client.receive().text();
        while (answer.equals("lost")) {
            // One that was sent as the session ended has gone elsewhere too.
            answer = client.receive().text();
        }
        assertThat(answer).isEqualTo("found");
    }
}
