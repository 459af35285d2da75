package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.FlowEnd;
import dev.sluice.NameResolver;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Greeter;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of upstreams: looked up at each dial, off the workers, by a resolver of one's own. */
class ResolverTest {
    private static final String NAME = "backend.example";

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final HeldResolver resolver = new HeldResolver();

    private static TcpRoute.Builder web() {
        return Route.tcp("web").listen("127.0.0.1", 0);
    }

    private StartedProxy started(int workers, Route... routes) {
        return bed.start(builder -> builder.workers(workers).resolver(resolver), routes);
    }

    private static InetAddress address(String literal) throws IOException {
        return InetAddress.getByName(literal);
    }

    private Greeter greeter(String host, int port, String word) throws IOException {
        return bed.own(Greeter.open(new InetSocketAddress(address(host), port), word));
    }

    @Test
    void aNameIsLookedUpAtEachDial() throws Exception {
        Greeter server = greeter("127.0.0.1", 0, "hello");
        resolver.knows(NAME, address("127.0.0.1"));
        StartedProxy proxy = started(2, web().to(NAME + ":" + server.port()));
        assertThat(resolver.asked(NAME)).as("before anybody dials").isZero();

        for (int i = 1; i <= 5; i++) {
            bed.connect(proxy).expect("hello").expectEnd();
            assertThat(resolver.asked(NAME)).isEqualTo(i);
        }
    }

    @Test
    void aNameThatMovesIsFollowed() throws Exception {
        Greeter first = greeter("127.0.0.1", 0, "first");
        greeter("127.0.0.3", first.port(), "second");
        StartedProxy proxy = started(2, web().to(NAME + ":" + first.port()));

        resolver.knows(NAME, address("127.0.0.1"));
        bed.connect(proxy).expect("first");
        resolver.knows(NAME, address("127.0.0.3"));
        bed.connect(proxy).expect("second");
    }

    @Test
    void aLiteralAddressIsNeverLookedUp() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        List<String> asked = new ArrayList<>();
        NameResolver noting = host -> {
            asked.add(host);
            throw new IOException("nothing is to be asked");
        };
        StartedProxy proxy = bed.start(builder -> builder.resolver(noting), web().to(server.hostPort()));

        bed.connect(proxy).send("hello").expect("hello");

        assertThat(asked).isEmpty();
    }

    static Stream<NameResolver> failing() {
        return Stream.of(
                host -> List.of(),
                host -> null,
                host -> {
                    throw new IOException("no such name");
                },
                host -> {
                    throw new IllegalStateException("on purpose");
                },
                host -> {
                    throw new InternalError("as the JDK's does without descriptors");
                });
    }

    @ParameterizedTest
    @MethodSource("failing")
    void aNameWithoutAnAddressFailsTheDialAsUnresolved(NameResolver failing) throws Exception {
        StartedProxy proxy = bed.start(builder -> builder.resolver(failing), web().to(NAME + ":80"));

        bed.own(Knock.at(proxy.address()));
        FlowEnd end = proxy.log().awaitEnd();

        assertThat(end.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
        assertThat(end.attempts()).isEqualTo(1);
        assertThat(proxy.metrics().dialFailures(DialFailure.UNRESOLVED)).isEqualTo(1);
        assertThat(proxy.upstream(0).dialFailures(DialFailure.UNRESOLVED)).isEqualTo(1);
    }

    @Test
    void afterANameWithoutAnAddressTheNextUpstreamIsTried() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, web().to(NAME + ":80", server.hostPort()));

        bed.connect(proxy).send("hello").expect("hello");

        assertThat(proxy.metrics().dialFailures(DialFailure.UNRESOLVED)).isEqualTo(1);
    }

    @Test
    void theAddressesOfANameAreTriedInTurn() throws Exception {
        Greeter third = greeter("127.0.0.4", 0, "third");
        resolver.knows(NAME, address("127.0.0.2"), address("127.0.0.3"), address("127.0.0.4"));
        StartedProxy proxy =
                started(2, web().connectAttempts(1, Duration.ofSeconds(10)).to(NAME + ":" + third.port()));

        bed.connect(proxy).endStream().expect("third").expectEnd();

        assertThat(proxy.log().awaitEnd().attempts())
                .as("upstreams, not addresses")
                .isEqualTo(1);
        assertThat(proxy.upstream(0).opened()).isEqualTo(1);
    }

    @Test
    void whenNoneOfItsAddressesAnswersTheNextUpstreamIsTried() throws Exception {
        Greeter other = greeter("127.0.0.4", 0, "other");
        resolver.knows(NAME, address("127.0.0.2"), address("127.0.0.3"));
        StartedProxy proxy = started(2, web().to(NAME + ":" + other.port(), "127.0.0.4:" + other.port()));

        bed.connect(proxy).expect("other");

        assertThat(proxy.upstream(0).dialFailures(DialFailure.REFUSED)).isEqualTo(1);
        assertThat(proxy.upstream(1).opened()).isEqualTo(1);
    }

    /** A family that does not work costs one attempt only before the other has its turn. */
    @Test
    void familiesAlternate() throws Exception {
        assumeThat(Family.IPV6.isAvailable()).as("IPv6").isTrue();
        Greeter four = greeter("127.0.0.1", 0, "four");
        greeter("127.0.0.2", four.port(), "too late");
        resolver.knows(NAME, address("127.0.0.3"), address("127.0.0.2"), address("::1"));
        StartedProxy proxy = started(1, web().to(NAME + ":" + four.port()));
        greeter("::1", four.port(), "six");

        bed.connect(proxy).expect("six");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aResolverThatBlocksHoldsUpNoOtherFlow(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        Greeter named = greeter("127.0.0.1", 0, "named");
        resolver.holds("slow.example").knows(NAME, address("127.0.0.1"));
        StartedProxy proxy = started(
                workers,
                Route.tcp("slow").listen("127.0.0.1", 0).to("slow.example:80"),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()),
                Route.tcp("named").listen("127.0.0.1", 0).to(NAME + ":" + named.port()));
        InetSocketAddress web = proxy.server().route("web").localAddress();
        TcpPeer old = bed.connect(web).send("hello").expect("hello");
        for (int i = 0; i < 20; i++) {
            bed.connect(proxy);
        }
        Await.until("it is asked", () -> resolver.asked("slow.example") >= 1);

        for (int i = 0; i < 20; i++) {
            old.send("still").expect("still");
            bed.connect(web).send("new").expect("new");
            bed.connect(proxy.server().route("named").localAddress()).expect("named");
        }
        assertThat(proxy.metrics().active()).isEqualTo(20);

        resolver.release("slow.example");
        Await.until("those that waited have failed", () -> proxy.metrics().active() == 0);
        assertThat(proxy.metrics().dialFailures(DialFailure.UNRESOLVED)).isEqualTo(20);
    }

    @Test
    void aLookUpThatTakesTooLongIsAFailedAttempt() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        resolver.holds(NAME);
        StartedProxy proxy =
                started(1, web().connectTimeout(Duration.ofMillis(100)).to(NAME + ":80", server.hostPort()));

        bed.connect(proxy).send("hello").expect("hello");

        assertThat(proxy.upstream(0).dialFailures(DialFailure.UNRESOLVED)).isEqualTo(1);
        resolver.knows(NAME, address("127.0.0.1")).release(NAME);
        bed.connect(proxy).send("hello").expect("hello");
    }

    /** What comes too late is for nobody: the client has gone, and nothing is dialled for it. */
    @Test
    void aClientThatGoesDuringALookUpIsGoneAtOnce() throws Exception {
        Greeter server = greeter("127.0.0.1", 0, "hello");
        resolver.knows(NAME, address("127.0.0.1")).holds(NAME);
        StartedProxy proxy = started(1, web().to(NAME + ":" + server.port()));
        TcpPeer client = bed.connect(proxy);
        Await.until("it is asked", () -> resolver.asked(NAME) == 1);

        client.reset();
        FlowEnd end = proxy.log().awaitEnd();
        resolver.release(NAME);
        bed.connect(proxy).expect("hello");

        assertThat(end.reason()).isEqualTo(CloseReason.CLIENT_RESET);
        assertThat(proxy.upstream(0).opened()).isEqualTo(1);
    }

    @Test
    void aLookUpThatOutlivesTheServerHoldsUpNoClose() throws Exception {
        resolver.knows(NAME, address("127.0.0.1"));
        CountDownLatch stubborn = new CountDownLatch(1);
        StartedProxy proxy = bed.start(
                builder -> builder.resolver(host -> {
                    resolver.resolve(host);
                    while (stubborn.getCount() > 0) {
                        try {
                            stubborn.await();
                        } catch (InterruptedException ignored) {
                            // Not every resolver lets itself be interrupted.
                        }
                    }
                    return List.of();
                }),
                web().to(NAME + ":80"));
        bed.own(Knock.at(proxy.address()));
        Await.until("it is asked", () -> resolver.asked(NAME) == 1);

        proxy.server().close();

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.SHUTDOWN);
        stubborn.countDown();
    }

    @Test
    void theSystemsResolverIsTheDefault() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(web().to("localhost:" + server.address().getPort()));

        bed.connect(proxy).send("hello").expect("hello");
    }
}
