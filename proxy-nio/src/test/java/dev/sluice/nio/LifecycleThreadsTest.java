package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Candidates;
import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.LiveThreads;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server's threads: known by their names, and holding on to nothing of whoever started it. */
class LifecycleThreadsTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    /** What the user's code finds on the thread that it is called on. */
    private record Seen(String name, boolean daemon, ClassLoader loader, Object inherited) {}

    private final InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    private final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<FlowEnd> ended = new CompletableFuture<>();

    private void look() {
        Thread thread = Thread.currentThread();
        seen.add(new Seen(thread.getName(), thread.isDaemon(), thread.getContextClassLoader(), inherited.get()));
    }

    private int select(Candidates candidates, FlowInfo flow) {
        look();
        return candidates.first(any -> true);
    }

    private List<InetAddress> resolve(String host) {
        look();
        return List.of(InetAddress.getLoopbackAddress());
    }

    private StartedProxy startedBySomebodySpecial() throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (URLClassLoader special = new URLClassLoader(new URL[0], before)) {
            current.setContextClassLoader(special);
            inherited.set("of the one who starts");
            return bed.start(
                    new ProxyListener() {
                        @Override
                        public void flowEnded(FlowEnd end) {
                            look();
                            ended.complete(end);
                        }
                    },
                    builder -> builder.workers(2).resolver(this::resolve),
                    Route.tcp("web")
                            .listen("127.0.0.1", 0)
                            .to(Upstreams.of("nobody.example:9").select(this::select)));
        } finally {
            current.setContextClassLoader(before);
        }
    }

    @Test
    void theyAreDaemonsThatInheritNothing() throws Exception {
        StartedProxy proxy = startedBySomebodySpecial();

        bed.own(Knock.at(proxy.address()));
        Await.result(ended);

        assertThat(seen).extracting(Seen::name).anyMatch(name -> name.matches(proxy.name() + "-worker-[01]"));
        assertThat(seen).extracting(Seen::name).anyMatch(name -> name.matches(proxy.name() + "-resolver-\\d+"));
        assertThat(seen).extracting(Seen::name).anyMatch(name -> name.equals(proxy.name() + "-events"));
        assertThat(seen).extracting(Seen::daemon).containsOnly(true);
        assertThat(seen).extracting(Seen::inherited).containsOnlyNulls();
        assertThat(seen)
                .extracting(Seen::loader)
                .containsOnly(ProxyServer.builder().getClass().getClassLoader());
    }

    @Test
    void withoutAListenerThereIsNoThreadForEvents() {
        try (ProxyServer server = ProxyServer.builder()
                .name("no-listener")
                .workers(3)
                .start(Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:9"))) {
            assertThat(server.metrics().workers()).isEqualTo(3);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .filteredOn(name -> name.startsWith("sluice-no-listener-"))
                    .containsExactlyInAnyOrder(
                            "sluice-no-listener-worker-0",
                            "sluice-no-listener-worker-1",
                            "sluice-no-listener-worker-2");
        }
    }

    /** Without a listener, which would be waited for meanwhile. */
    @RepeatedTest(20)
    void noThreadThatLooksUpNamesAndHasNothingToDoIsLeftByAClose() throws Exception {
        String threads = "sluice-looks-up-";
        try (ProxyServer server = ProxyServer.builder()
                .name("looks-up")
                .resolver(host -> List.of())
                .start(Route.tcp("web").listen("127.0.0.1", 0).to("nobody.example:9"))) {
            Knock.at(server.route("web").localAddress()).close();
            Await.until(
                    "the look-up is over", () -> server.route("web").metrics().ended(CloseReason.CONNECT_FAILED) == 1);
            Await.until("its thread waits for another", () -> isWaiting(threads + "resolver-0"));
        }

        assertThat(LiveThreads.named(threads)).isEmpty();
    }

    private static boolean isWaiting(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .anyMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING);
    }
}
