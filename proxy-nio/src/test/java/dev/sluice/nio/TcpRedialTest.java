package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.FlowEnd;
import dev.sluice.Route;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An upstream that goes before a byte has passed: the next takes its place, unless the client was told something. */
class TcpRedialTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final AtomicBoolean holds = new AtomicBoolean();
    private final CompletableFuture<Void> held = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private TcpServer first;
    private TcpServer second;
    private StartedProxy proxy;

    @BeforeEach
    void twoUpstreams() throws Exception {
        first = bed.server();
        second = bed.server(TcpServer::echo);
        UpstreamSelector holding = (candidates, flow) -> {
            if (holds.compareAndSet(true, false)) {
                held.complete(null);
                released.join();
                return -1;
            }
            return candidates.first(any -> true);
        };
        Upstreams both = Upstreams.of(first.hostPort(), second.hostPort()).select(holding);
        proxy = bed.start(
                builder -> builder.workers(1),
                Route.tcp("web").listen("127.0.0.1", 0).to(both));
        bed.own((AutoCloseable) () -> released.complete(null));
    }

    /** A connection of which the worker takes no notice yet: it is held up by another client. */
    private Testbed.Pair unnoticedPair() throws Exception {
        Testbed.Pair flow = bed.pair(proxy, first);
        Await.until("it is established", () -> proxy.log().opened().size() == 1);
        holds.set(true);
        bed.own(Knock.at(proxy.address()));
        Await.result(held);
        return flow;
    }

    @Test
    void whatTheUpstreamSaidLastReachesAClientThatWasAboutToSend() throws Exception {
        Testbed.Pair flow = unnoticedPair();

        flow.client().send("hello");
        flow.upstream().send("too many connections").reset();
        released.complete(null);

        flow.client().expect("too many connections").expectReset();
        assertThat(proxy.log().awaitEnds(2))
                .extracting(FlowEnd::reason)
                .containsExactly(CloseReason.NO_CANDIDATE, CloseReason.UPSTREAM_RESET);
        assertThat(second.accepted()).isZero();
    }

    @Test
    void afterAnUpstreamThatSaidNothingTheNextGetsWhatTheClientWasAboutToSend() throws Exception {
        Testbed.Pair flow = unnoticedPair();

        flow.client().send("hello");
        flow.upstream().reset();
        released.complete(null);

        flow.client().expect("hello").send(" again").expect(" again");
        assertThat(proxy.upstream(0).dialFailures(DialFailure.RESET)).isEqualTo(1);
        assertThat(second.accepted()).isEqualTo(1);
        flow.client().endStream().expectEnd();
        assertThat(proxy.log().awaitEnds(2).get(1).attempts()).isEqualTo(2);
    }

    /** The next one's answer would come after the end of all that the client reads. */
    @Test
    void onceTheClientWasToldTheEndNoOtherIsDialled() throws Exception {
        Testbed.Pair flow = bed.pair(proxy, first);
        flow.upstream().endStream();
        flow.client().expectEnd();

        flow.upstream().reset();
        flow.client().send("request").close();
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.UPSTREAM_RESET);
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(second.accepted()).isZero();
    }
}
