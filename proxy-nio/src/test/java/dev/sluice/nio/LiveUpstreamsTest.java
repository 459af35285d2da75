package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.Leaving;
import dev.sluice.LiveUpstreams;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamMetrics;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group that is replaced while it is used. */
class LiveUpstreamsTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);
    private Upstream one;
    private Upstream two;

    @BeforeEach
    void servers() throws Exception {
        one = bed.named("one");
        two = bed.named("two");
    }

    private StartedProxy started(int workers, Upstream... members) {
        return udp.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(Upstreams.of(List.of(members))));
    }

    private static LiveUpstreams group(StartedProxy proxy) {
        return proxy.server().upstreams(proxy.route().definition().upstreams().name());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void newFlowsGoToTheNewSetOnlyAsSoonAsItReturns(int workers) throws Exception {
        StartedProxy proxy = started(workers, one);

        for (int i = 0; i < 20; i++) {
            Upstream next = i % 2 == 0 ? two : one;
            group(proxy).update(List.of(next), Leaving.keep());
            for (int j = 0; j < 4; j++) {
                bed.connect(proxy).expect(next.id());
            }
        }
        Await.until("all are counted", () -> proxy.metrics().active() == 80);
    }

    @Test
    void whatStaysKeepsItsFlowsAndItsCounters() throws Exception {
        StartedProxy proxy = started(2, one, two);
        TcpPeer first = bed.connect(proxy).expect("one");
        bed.connect(proxy).expect("two");

        group(proxy).update(List.of(two, one, bed.named("three")), Leaving.close());

        first.send("still").expect("still");
        assertThat(group(proxy).list()).extracting(each -> each.upstream().id()).containsExactly("two", "one", "three");
        assertThat(group(proxy).list()).extracting(UpstreamMetrics::opened).containsExactly(1L, 1L, 0L);
        assertThat(group(proxy).list()).extracting(UpstreamMetrics::active).containsExactly(1L, 1L, 0L);
    }

    /** Matched by id: under the same id another address is the same upstream, moved. */
    @Test
    void anUpstreamThatMovesKeepsItsFlowsAndItsCounters() throws Exception {
        StartedProxy proxy = started(2, one);
        TcpPeer old = bed.connect(proxy).expect("one");

        group(proxy).update(List.of(Upstream.of(two.host() + ":" + two.port()).id("one")), Leaving.close());

        bed.connect(proxy).expect("two");
        old.send("still").expect("still");
        assertThat(proxy.upstream(0).opened()).isEqualTo(2);
        assertThat(proxy.upstream(0).active()).isEqualTo(2);
    }

    @Test
    void keepLeavesFlowsAlone() throws Exception {
        StartedProxy proxy = started(2, one);
        TcpPeer client = bed.connect(proxy).expect("one");

        group(proxy).update(List.of(two), Leaving.keep());
        // Nor does a later change end what an earlier one kept.
        group(proxy).update(List.of(bed.named("three")), Leaving.close());

        client.send("still").expect("still").endStream().expectEnd();
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.DONE);
    }

    @Test
    void closeResetsThemAtOnce() throws Exception {
        StartedProxy proxy = started(2, one, two);
        TcpPeer leaves = bed.connect(proxy).expect("one");
        TcpPeer stays = bed.connect(proxy).expect("two");

        group(proxy).update(List.of(two), Leaving.close());

        leaves.expectReset();
        stays.send("still").expect("still");
        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.UPSTREAM_REMOVED);
        assertThat(end.upstream()).isEqualTo(one);
    }

    @Test
    void drainLetsThemEndForAWhileAndThenResetsThem() throws Exception {
        Duration time = Duration.ofMillis(500);
        StartedProxy proxy = started(2, one);
        TcpPeer ends = bed.connect(proxy).expect("one");
        TcpPeer lasts = bed.connect(proxy).expect("one");

        long begun = System.nanoTime();
        group(proxy).update(List.of(two), Leaving.drain(time));
        ends.send("still").expect("still").endStream().expectEnd();
        lasts.send("still").expect("still").expectReset();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(time);
        assertThat(proxy.log().awaitEnds(2))
                .extracting(FlowEnd::reason)
                .containsExactly(CloseReason.DONE, CloseReason.UPSTREAM_REMOVED);
    }

    /** With 60 flows, the chance that chance puts all of them into one half of the time is one in 10^18. */
    @Test
    void spreadEndsEachAtItsOwnMoment() throws Exception {
        Duration time = Duration.ofSeconds(2);
        StartedProxy proxy = started(2, one);
        List<TcpPeer> clients = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            clients.add(bed.connect(proxy).expect("one"));
        }

        long begun = System.nanoTime();
        group(proxy).update(List.of(two), Leaving.spread(time));
        Await.until("one has ended", () -> proxy.metrics().active() < 60);
        Duration first = Duration.ofNanos(System.nanoTime() - begun);
        Await.until("all have ended", () -> proxy.metrics().active() == 0);
        Duration last = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(first).isLessThan(time.dividedBy(2));
        assertThat(last).isBetween(time.dividedBy(2), time.multipliedBy(2));
        assertThat(proxy.metrics().ended(CloseReason.UPSTREAM_REMOVED)).isEqualTo(60);
        for (TcpPeer client : clients) {
            client.expectReset();
        }
    }

    @Test
    void leavingWithoutTimeIsClosing() throws Exception {
        StartedProxy proxy = started(1, one, two);
        TcpPeer first = bed.connect(proxy).expect("one");
        TcpPeer second = bed.connect(proxy).expect("two");

        group(proxy).update(List.of(two), Leaving.drain(Duration.ZERO));
        first.expectReset();
        group(proxy).update(List.of(one), Leaving.spread(Duration.ZERO));
        second.expectReset();

        assertThat(proxy.metrics().ended(CloseReason.UPSTREAM_REMOVED)).isEqualTo(2);
    }

    @Test
    void sessionsOfAnUpstreamThatLeavesEndAndTheNextDatagramGoesElsewhere() throws Exception {
        UdpServer first = udp.named("first ");
        UdpServer second = udp.named("second ");
        StartedProxy proxy = udp.start(Udp.route().to(first.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "1").expect("first 1");

        group(proxy).update(List.of(Upstream.of(second.hostPort())), Leaving.close());
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.UPSTREAM_REMOVED);

        client.send(proxy.address(), "2").expect("second 2", proxy.address());
    }

    @Test
    void sessionsOfAnUpstreamThatLeavesDrainAsAsked() throws Exception {
        UdpServer first = udp.named("first ");
        UdpServer second = udp.named("second ");
        StartedProxy proxy = udp.start(Udp.route().to(first.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "1").expect("first 1");

        group(proxy).update(List.of(Upstream.of(second.hostPort())), Leaving.drain(Duration.ofSeconds(1)));
        client.send(proxy.address(), "2").expect("first 2", proxy.address());
        udp.peer().send(proxy.address(), "new").expect("second new");
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.UPSTREAM_REMOVED);
        client.send(proxy.address(), "3").expect("second 3", proxy.address());
    }

    @Test
    void anEmptySetRefusesFlowsUntilTheNext() throws Exception {
        StartedProxy proxy = started(2, one);

        group(proxy).update(List.of());
        bed.own(Knock.at(proxy.address()));
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.NO_UPSTREAM);

        group(proxy).update(List.of(two));
        bed.connect(proxy).expect("two");
    }

    @Test
    void anUpdateThatIsRefusedChangesNothing() throws Exception {
        StartedProxy proxy = started(2, one);
        TcpPeer client = bed.connect(proxy).expect("one");
        Upstream own = Upstream.of("127.0.0.1:" + proxy.route().port());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> group(proxy).update(List.of(two, own), Leaving.close()))
                .withMessageContaining("\"web\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> group(proxy).update(List.of(two, two), Leaving.close()))
                .withMessageContaining("\"two\"");

        assertThat(group(proxy).list()).extracting(UpstreamMetrics::upstream).containsExactly(one);
        client.send("still").expect("still");
    }

    @Test
    void aGroupIsSharedByTheRoutesThatNameIt() throws Exception {
        Upstreams backend = Upstreams.of(List.of(one)).named("backend");
        StartedProxy proxy = udp.start(
                Route.tcp("web").listen("127.0.0.1", 0).to(backend),
                Route.tcp("api").listen("127.0.0.1", 0).to(backend));
        TcpPeer web = bed.connect(proxy).expect("one");
        TcpPeer api = bed.connect(proxy.server().route("api").localAddress()).expect("one");
        assertThat(proxy.upstream(0).active()).isEqualTo(2);

        group(proxy).update(List.of(two), Leaving.close());

        web.expectReset();
        api.expectReset();
        bed.connect(proxy.server().route("api").localAddress()).expect("two");
        assertThat(group(proxy).name()).isEqualTo("backend");
    }

    @Test
    void aGroupThatNoRouteUsesAnyMoreCannotBeUpdated() throws Exception {
        StartedProxy proxy = started(2, one);
        LiveUpstreams group = group(proxy);

        proxy.server().remove("web", Leaving.close());

        assertThatIllegalStateException().isThrownBy(() -> group.update(List.of(two)));
        assertThat(group.list()).hasSize(1);
    }

    @Test
    void aRemovedRoutesFlowsStillLeaveWithTheirUpstream() throws Exception {
        Upstreams backend = Upstreams.of(List.of(one)).named("backend");
        StartedProxy proxy = udp.start(
                Route.tcp("web").listen("127.0.0.1", 0).to(backend),
                Route.tcp("api").listen("127.0.0.1", 0).to(backend));
        TcpPeer client = bed.connect(proxy).expect("one");
        LiveUpstreams group = group(proxy);

        proxy.server().remove("web", Leaving.keep());
        group.update(List.of(two), Leaving.close());

        client.expectReset();
    }

    /** While it dialled, its upstream was removed with time to drain; that is over when it has another. */
    @Test
    void aFlowThatHasMovedOnDoesNotLeaveWithTheUpstreamItHadTried() throws Exception {
        HeldResolver resolver = new HeldResolver().holds("gone.example");
        StartedProxy proxy = udp.start(
                builder -> builder.resolver(resolver),
                Route.tcp("web").listen("127.0.0.1", 0).to("gone.example:80"));
        TcpPeer client = bed.connect(proxy);
        Await.until("its name is looked up", () -> resolver.asked("gone.example") == 1);
        Duration drain = Duration.ofMillis(700);

        group(proxy).update(List.of(one), Leaving.drain(drain));
        TcpPeer witness = bed.connect(proxy).expect("one");
        resolver.release("gone.example");
        client.expect("one");
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < drain.multipliedBy(2).toNanos()) {
            client.send("still").expect("still");
            witness.send("still").expect("still");
        }

        assertThat(proxy.metrics().active()).isEqualTo(2);
    }
}
