package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.CloseReason;
import dev.sluice.Leaving;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.Upstream;
import dev.sluice.UpstreamMetrics;
import dev.sluice.UpstreamSource;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups whose members come from outside. */
class SourceTest {
    /** Delivers what the test says, and counts who has subscribed. */
    private static final class TestSource implements UpstreamSource {
        private final List<Upstream> first;
        private final AtomicInteger subscribed = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();
        private volatile Consumer<Collection<Upstream>> snapshots;

        TestSource(Upstream... first) {
            this.first = List.of(first);
        }

        @Override
        public AutoCloseable subscribe(Consumer<Collection<Upstream>> taker) {
            subscribed.incrementAndGet();
            snapshots = taker;
            if (!first.isEmpty()) {
                taker.accept(first);
            }
            return closed::incrementAndGet;
        }

        void deliver(Upstream... snapshot) {
            snapshots.accept(Arrays.asList(snapshot));
        }
    }

    @RegisterExtension
    final Testbed bed = new Testbed();

    private Upstream one;
    private Upstream two;

    @BeforeEach
    void servers() throws Exception {
        one = bed.named("one");
        two = bed.named("two");
    }

    private static TcpRoute route(UpstreamSource source) {
        return Route.tcp("web").listen("127.0.0.1", 0).to(Upstreams.from(source));
    }

    private static List<String> ids(StartedProxy proxy) {
        return proxy.server().upstreams("web").list().stream()
                .map(UpstreamMetrics::upstream)
                .map(Upstream::id)
                .toList();
    }

    private static void awaitMembers(StartedProxy proxy, String... ids) {
        Await.until("the snapshot is taken over", () -> ids(proxy).equals(List.of(ids)));
    }

    @Test
    void whatIsDeliveredAtOnceIsThereBeforeTheRouteAccepts() throws Exception {
        StartedProxy proxy = bed.start(route(new TestSource(one)));

        assertThat(ids(proxy)).containsExactly("one");
        bed.connect(proxy).expect("one");
    }

    @Test
    void beforeTheFirstSnapshotFlowsAreRefused() throws Exception {
        TestSource source = new TestSource();
        StartedProxy proxy = bed.start(route(source));
        bed.own(Knock.at(proxy.address())).expectReset();
        Await.until("the refusal", () -> proxy.metrics().ended(CloseReason.NO_UPSTREAM) == 1);

        source.deliver(two);
        awaitMembers(proxy, "two");
        bed.connect(proxy).expect("two");
    }

    @Test
    void aSnapshotReplacesTheSetAndLeavesTheFlowsOfWhoStays() throws Exception {
        TestSource source = new TestSource(one);
        StartedProxy proxy = bed.start(route(source));
        TcpPeer old = bed.connect(proxy).expect("one");

        source.deliver(two, one);
        awaitMembers(proxy, "two", "one");
        old.send("still here").expect("still here");
        source.deliver();
        awaitMembers(proxy);
        old.send("draining").expect("draining");
    }

    @Test
    void ofManySnapshotsTheLastOneStays() throws Exception {
        TestSource source = new TestSource(one);
        StartedProxy proxy = bed.start(route(source));

        List<Future<Void>> sources = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sources.add(bed.fork(() -> {
                for (int j = 0; j < 200; j++) {
                    source.deliver(j % 2 == 0 ? one : two);
                }
                return null;
            }));
        }
        for (Future<Void> each : sources) {
            Await.result(each);
        }
        source.deliver(two, one);
        awaitMembers(proxy, "two", "one");
    }

    @Test
    void whatItDeliversWrongIsToldToItAndChangesNothing() throws Exception {
        TestSource source = new TestSource(one);
        StartedProxy proxy = bed.start(route(source));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.deliver(two, two))
                .withMessageContaining("upstream \"two\" is given twice");
        assertThatThrownBy(() -> source.deliver(two, null)).isInstanceOf(NullPointerException.class);
        assertThat(ids(proxy)).containsExactly("one");
    }

    @Test
    void aSetWithAnOwnAddressIsRefusedAndTheOneBeforeStays() throws Exception {
        TestSource source = new TestSource(one);
        StartedProxy proxy = bed.start(route(source));

        source.deliver(two, Upstream.of("127.0.0.1:" + proxy.address().getPort()));
        source.deliver(two);
        awaitMembers(proxy, "two");
    }

    @Test
    void routesThatShareAGroupSubscribeOnceAndTheLastOfThemCloses() throws Exception {
        TestSource source = new TestSource(one);
        Upstreams group = Upstreams.from(source).named("shared");
        StartedProxy proxy = bed.start(
                Route.tcp("web").listen("127.0.0.1", 0).to(group),
                Route.tcp("api").listen("127.0.0.1", 0).to(group));
        assertThat(source.subscribed).hasValue(1);

        proxy.server().remove("api", Leaving.close());
        assertThat(source.closed).hasValue(0);
        proxy.server().add(Route.tcp("other").listen("127.0.0.1", 0).to("127.0.0.2:9"));
        proxy.server().remove("web", Leaving.close());
        assertThat(source.closed).hasValue(1);
        source.deliver(two);
        assertThat(source.subscribed).hasValue(1);
    }

    @Test
    void theEndOfTheServerClosesTheSubscriptionOnce() {
        TestSource source = new TestSource(one);
        try (ProxyServer server = ProxyServer.start(route(source))) {
            assertThat(server.upstreams("web").list()).hasSize(1);
        }
        assertThat(source.closed).hasValue(1);
        source.deliver(two);
    }

    @Test
    void aGroupThatIsFedCannotBeSetByHand() throws Exception {
        StartedProxy proxy = bed.start(route(new TestSource(one)));

        assertThatIllegalStateException()
                .isThrownBy(() -> proxy.server().upstreams("web").update(List.of(two)))
                .withMessageStartingWith("group \"web\" is fed by ");
        assertThat(ids(proxy)).containsExactly("one");
    }

    @Test
    void aRouteThatIsReplacedWithTheSameSourceKeepsItsSubscription() throws Exception {
        TestSource source = new TestSource(one);
        StartedProxy proxy = bed.start(route(source));
        source.deliver(two);
        awaitMembers(proxy, "two");

        TcpRoute before = (TcpRoute) proxy.route().definition();
        proxy.server().replace(before.toBuilder().maxConnections(7).to(before.upstreams()));
        assertThat(ids(proxy)).containsExactly("two");
        assertThat(source.subscribed).hasValue(1);
        source.deliver(one, two);
        awaitMembers(proxy, "one", "two");
    }

    @Test
    void aRouteThatIsReplacedWithAnotherSourceHasTheOldSetUntilThatHasSpoken() throws Exception {
        TestSource source = new TestSource(one);
        TestSource silent = new TestSource();
        StartedProxy proxy = bed.start(route(source));

        proxy.server().replace(route(silent));
        assertThat(source.closed).hasValue(1);
        assertThat(ids(proxy)).containsExactly("one");
        source.deliver(one, two);
        silent.deliver(two);
        awaitMembers(proxy, "two");
        bed.connect(proxy).expect("two");

        proxy.server().replace(route(new TestSource(one)));
        assertThat(ids(proxy)).containsExactly("one");
    }

    @Test
    void aRouteThatIsReplacedWithMembersLeavesItsSource() throws Exception {
        TestSource source = new TestSource(one);
        StartedProxy proxy = bed.start(route(source));

        proxy.server().replace(Route.tcp("web").listen("127.0.0.1", 0).to(two));
        assertThat(source.closed).hasValue(1);
        source.deliver(one);
        assertThat(ids(proxy)).containsExactly("two");
        proxy.server().upstreams("web").update(List.of(one, two));
        assertThat(ids(proxy)).containsExactly("one", "two");
    }

    @Test
    void aSourceThatCannotBeginKeepsTheServerFromStarting() {
        UpstreamSource broken = snapshots -> {
            throw new IOException("registry is down");
        };

        assertThatIllegalStateException()
                .isThrownBy(() -> ProxyServer.start(route(broken)))
                .withMessageStartingWith("route \"web\": the source of group \"web\", ")
                .withMessageContaining("could not be subscribed: java.io.IOException: registry is down");
        assertThatIllegalStateException()
                .isThrownBy(() -> ProxyServer.start(route(snapshots -> null)))
                .withMessageContaining("answered null");
    }

    @Test
    void aReplacementWhoseSourceCannotBeginChangesNothing() throws Exception {
        TestSource source = new TestSource(one);
        StartedProxy proxy = bed.start(route(source));
        UpstreamSource broken = snapshots -> {
            throw new IllegalStateException("not yet");
        };

        assertThatIllegalStateException().isThrownBy(() -> proxy.server().replace(route(broken)));
        assertThat(source.closed).hasValue(0);
        source.deliver(two);
        awaitMembers(proxy, "two");
        bed.connect(proxy).expect("two");
    }

    @Test
    void anAddressOfItsOwnDeliveredAtOnceIsAnErrorAtStart() throws Exception {
        TestSource source = new TestSource();
        StartedProxy proxy = bed.start(route(source));
        TestSource own =
                new TestSource(Upstream.of("127.0.0.1:" + proxy.address().getPort()));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy.server()
                        .add(Route.tcp("loop").listen("127.0.0.1", 0).to(Upstreams.from(own))))
                .withMessageContaining("where route \"web\" listens");
        assertThat(own.closed).hasValue(1);
    }
}
