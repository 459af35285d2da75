package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.TcpRoute;
import dev.sluice.Upstream;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything changes while a thousand connections run: none is touched that should not be. */
class LifecycleBusyTest {
    private static final int CONNECTIONS = 1_000;
    private static final int CHANGES = 30;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);
    private final List<TcpPeer> clients = new ArrayList<>();
    private final AtomicBoolean stop = new AtomicBoolean();

    /** Holds a connection to each upstream by turns and keeps all of them talking. */
    private Future<Integer> talk(StartedProxy proxy) throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.add(bed.connect(proxy.server().route("web").localAddress())
                    .send("hello")
                    .expect("hello"));
        }
        return rounds(() -> {
            for (TcpPeer client : clients) {
                client.send("ping");
            }
            for (TcpPeer client : clients) {
                client.expect("ping");
            }
            return null;
        });
    }

    /** Repeats until told to stop, and tells how often. */
    private Future<Integer> rounds(Callable<Void> round) {
        return bed.fork(() -> {
            int rounds = 0;
            while (!stop.get()) {
                round.call();
                rounds++;
            }
            return rounds;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void noneIsTouchedThatShouldNotBe(int workers) throws Exception {
        TcpServer one = bed.server(TcpServer::echo);
        TcpServer two = bed.server(TcpServer::echo);
        UdpServer dns = udp.echo();
        Upstream first = Upstream.of(one.hostPort()).id("first");
        Upstream second = Upstream.of(two.hostPort()).id("second");
        TcpRoute web = Route.tcp("web").listen("127.0.0.1", 0).to(Upstreams.of(List.of(first, second)));
        StartedProxy proxy =
                udp.start(builder -> builder.workers(workers), web, Udp.route().to(dns.hostPort()));
        UdpPeer asker = udp.peer();
        Future<Integer> talk = talk(proxy);
        Future<Integer> queries = rounds(() -> {
            asker.exchange(proxy.server().route("dns").localAddress(), "query");
            return null;
        });

        for (int i = 0; i < CHANGES; i++) {
            changeAround(proxy, web, List.of(first, second), i);
        }
        stop.set(true);

        assertThat(Await.result(talk)).as("rounds of talk").isPositive();
        assertThat(Await.result(queries)).as("queries").isPositive();
        RunningRoute route = proxy.server().route("web");
        assertThat(route.metrics().active()).isEqualTo(CONNECTIONS);
        assertThat(proxy.server().route("dns").metrics().opened()).isEqualTo(1);
        assertThat(dns.clients()).hasSize(1);
        for (TcpPeer client : clients) {
            client.send("still").expect("still");
        }
    }

    /** Adds, changes and removes what the running flows do not stand on. */
    private void changeAround(StartedProxy proxy, TcpRoute web, List<Upstream> members, int i) throws Exception {
        TcpServer third = bed.server(TcpServer::echo);
        Upstream more = Upstream.of(third.hostPort()).id("third");
        List<Upstream> grown = new ArrayList<>(members);
        grown.add(more);
        proxy.server().upstreams("web").update(grown, Leaving.close());

        RunningRoute extra =
                proxy.server().add(Route.tcp("extra").listen("127.0.0.1", 0).to(more));
        TcpPeer passing = bed.connect(extra.localAddress()).send("hi").expect("hi");
        proxy.server()
                .replace(web.toBuilder().maxConnections(2 * CONNECTIONS + i).to(web.upstreams()));
        proxy.server().remove("extra", i % 2 == 0 ? Leaving.close() : Leaving.drain(Duration.ofMillis(1)));
        passing.expectReset();

        proxy.server().upstreams("web").update(members, Leaving.close());
        third.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void onlyTheFlowsOfTheUpstreamThatLeavesAreEnded(int workers) throws Exception {
        TcpServer one = bed.server(TcpServer::echo);
        TcpServer two = bed.server(TcpServer::echo);
        StartedProxy proxy = udp.start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", 0).to(one.hostPort(), two.hostPort()));
        talk(proxy);
        stop.set(true);

        proxy.server().upstreams("web").update(List.of(Upstream.of(one.hostPort())), Leaving.close());
        Await.until("half of them have ended", () -> proxy.metrics().active() == CONNECTIONS / 2);

        assertThat(proxy.metrics().ended(CloseReason.UPSTREAM_REMOVED)).isEqualTo(CONNECTIONS / 2);
        assertThat(proxy.upstream(0).active()).isEqualTo(CONNECTIONS / 2);
    }
}
