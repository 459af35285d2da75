package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.Leaving;
import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.LiveThreads;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who calls: the server's own threads, from a selector or a listener, may do less, and close all the same. */
class LifecycleCallerTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    @Test
    void aListenerMayCloseItsServer() throws Exception {
        CompletableFuture<ProxyServer> server = new CompletableFuture<>();
        CompletableFuture<String> returned = new CompletableFuture<>();
        StartedProxy proxy = bed.start(
                new ProxyListener() {
                    @Override
                    public void flowEnded(FlowEnd end) {
                        server.join().close();
                        returned.complete(Thread.currentThread().getName());
                    }
                },
                builder -> builder,
                Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));
        server.complete(proxy.server());

        bed.own(Knock.at(proxy.address()));

        assertThat(Await.result(returned)).startsWith(proxy.name());
        proxy.server().awaitTermination();
        assertThat(LiveThreads.workersOf(proxy)).isEmpty();
    }

    /** Which waits for the listener to return, so that all there are live as long as this looks. */
    @Test
    void aListenerThatClosesItsServerAgainAndAgainStartsOneThreadForThat() throws Exception {
        CompletableFuture<ProxyServer> server = new CompletableFuture<>();
        CompletableFuture<List<String>> closers = new CompletableFuture<>();
        StartedProxy proxy = bed.start(
                new ProxyListener() {
                    @Override
                    public void flowEnded(FlowEnd end) {
                        for (int i = 0; i < 20; i++) {
                            server.join().close();
                        }
                        String own = Thread.currentThread().getName();
                        closers.complete(LiveThreads.named(own.replace("events", "closer")));
                    }
                },
                builder -> builder,
                Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));
        server.complete(proxy.server());

        bed.own(Knock.at(proxy.address()));

        assertThat(Await.result(closers)).containsExactly(proxy.name() + "-closer");
        proxy.server().awaitTermination();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aSelectorMayCloseItsServer(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        CompletableFuture<ProxyServer> own = new CompletableFuture<>();
        UpstreamSelector closing = (candidates, flow) -> {
            own.join().close();
            return 0;
        };
        StartedProxy proxy = bed.start(
                builder -> builder.workers(workers),
                Route.tcp("web")
                        .listen("127.0.0.1", 0)
                        .to(Upstreams.of(server.hostPort()).select(closing)));
        own.complete(proxy.server());

        bed.own(Knock.at(proxy.address()));
        proxy.server().awaitTermination();

        assertThat(LiveThreads.workersOf(proxy)).isEmpty();
        assertThat(proxy.server().metrics().active()).isZero();
    }

    private interface Call {
        void on(ProxyServer server) throws Exception;
    }

    /** Each is called in a selector, that is on a worker, which it would wait for. */
    @Test
    void whatWaitsForAWorkerThrowsOnAWorker() throws Exception {
        Route route = Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9");
        List<Call> calls = List.of(
                server -> server.shutdown(Duration.ofSeconds(1)),
                ProxyServer::awaitTermination,
                server -> server.add(Route.tcp("more").listen("127.0.0.1", 0).to("127.0.0.1:9")),
                server -> server.replace(route),
                server -> server.remove("web", Leaving.close()),
                server -> server.upstreams("web").update(List.of()),
                server -> server.route("web").flows());

        List<Throwable> failures = inSelector(calls);

        assertThat(failures).hasSize(calls.size()).allMatch(IllegalStateException.class::isInstance);
    }

    private List<Throwable> inSelector(List<Call> calls) throws Exception {
        CompletableFuture<ProxyServer> own = new CompletableFuture<>();
        List<Throwable> failures = new ArrayList<>();
        StartedProxy proxy = bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .to(Upstreams.of("127.0.0.1:9").select((candidates, flow) -> {
                    for (Call call : calls) {
                        try {
                            call.on(own.join());
                        } catch (Exception e) {
                            failures.add(e);
                        }
                    }
                    return -1;
                })));
        own.complete(proxy.server());
        bed.own(Knock.at(proxy.address()));
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.NO_CANDIDATE);
        return failures;
    }

    /** Looking waits for nobody, and a selector may look. */
    @Test
    void aSelectorMayLookAtItsServer() throws Exception {
        List<Throwable> failures = inSelector(List.of(
                ProxyServer::metrics,
                ProxyServer::routes,
                server -> server.route("web").metrics(),
                server -> server.route("web").localAddresses(),
                server -> server.upstreams("web").list()));

        assertThat(failures).isEmpty();
    }

    @Test
    void shutdownAndAwaitTerminationThrowInAListener() throws Exception {
        CompletableFuture<ProxyServer> own = new CompletableFuture<>();
        CompletableFuture<List<Throwable>> failures = new CompletableFuture<>();
        StartedProxy proxy = bed.start(
                new ProxyListener() {
                    @Override
                    public void flowEnded(FlowEnd end) {
                        List<Throwable> thrown = new ArrayList<>();
                        for (Call call :
                                List.<Call>of(s -> s.shutdown(Duration.ofSeconds(1)), ProxyServer::awaitTermination)) {
                            try {
                                call.on(own.join());
                            } catch (Exception e) {
                                thrown.add(e);
                            }
                        }
                        failures.complete(thrown);
                    }
                },
                builder -> builder,
                Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"));
        own.complete(proxy.server());

        bed.own(Knock.at(proxy.address()));

        assertThat(Await.result(failures)).hasSize(2).allMatch(IllegalStateException.class::isInstance);
    }

    /** The event thread is no worker: a listener may change routes and upstreams, and look at flows. */
    @Test
    void aListenerMayChangeItsServer() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        CompletableFuture<ProxyServer> own = new CompletableFuture<>();
        CompletableFuture<InetSocketAddress> added = new CompletableFuture<>();
        StartedProxy proxy = bed.start(
                new ProxyListener() {
                    @Override
                    public void flowOpened(FlowInfo flow, Upstream upstream) {
                        ProxyServer s = own.join();
                        s.upstreams("web")
                                .update(s.route("web").definition().upstreams().members());
                        s.route("web").flows();
                        Route more = Route.tcp("more").listen("127.0.0.1", 0).to(upstream);
                        added.complete(s.add(more).localAddress());
                    }
                },
                builder -> builder,
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
        own.complete(proxy.server());

        bed.connect(proxy).send("one").expect("one");

        assertThat(Await.result(added).getPort()).isPositive();
    }
}
