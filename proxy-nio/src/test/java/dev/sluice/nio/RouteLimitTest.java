package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.TcpRoute;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.ClosedPort;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many connections a route relays at once: exact over all its workers, whatever comes and goes. */
class RouteLimitTest {
    private static final int WORKERS = 4;
    private static final int CLIENTS = 6;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private static TcpRoute.Builder web(int limit) {
        return Route.tcp("web").listen("127.0.0.1", 0).maxConnections(limit);
    }

    private StartedProxy started(int workers, TcpRoute route) {
        return bed.start(builder -> builder.workers(workers), route);
    }

    private static long refused(StartedProxy proxy) {
        return proxy.metrics().ended(CloseReason.LIMIT_ROUTE);
    }

    private TcpPeer served(StartedProxy proxy) throws Exception {
        return bed.connect(proxy).send("in").expect("in");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, WORKERS})
    void theOneOverIsResetAtOnceAndTheOthersGoOn(int workers) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(workers, web(3).to(server.hostPort()));
        List<TcpPeer> clients = List.of(served(proxy), served(proxy), served(proxy));

        for (int i = 0; i < 5; i++) {
            Knock.at(proxy.address()).expectReset().close();
        }

        assertThat(proxy.log().awaitEnds(5)).allSatisfy(end -> {
            assertThat(end.reason()).isEqualTo(CloseReason.LIMIT_ROUTE);
            assertThat(end.attempts()).isZero();
            assertThat(end.upstream()).isNull();
        });
        assertThat(refused(proxy)).isEqualTo(5);
        assertThat(server.accepted()).as("connections at the upstream").isEqualTo(3);
        for (TcpPeer client : clients) {
            client.send("still").expect("still");
        }
    }

    private enum Ending {
        IN_ORDER,
        BY_THE_CLIENT,
        BY_THE_USER
    }

    @ParameterizedTest
    @EnumSource
    void aFreedPlaceIsUsable(Ending ending) throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, web(1).to(server.hostPort()));

        for (int i = 1; i <= 5; i++) {
            TcpPeer client = served(proxy);
            Knock.at(proxy.address()).expectReset().close();
            switch (ending) {
                case IN_ORDER -> client.endStream().expectEnd();
                case BY_THE_CLIENT -> client.reset();
                case BY_THE_USER -> proxy.route().flows().get(0).reset();
            }
            proxy.log().awaitEnds(2 * i);
        }

        assertThat(refused(proxy)).isEqualTo(5);
    }

    /** A place is taken before anything is dialled, and given back where that fails. */
    @Test
    void aConnectionThatReachesNobodyGivesItsPlaceBack() throws Exception {
        ClosedPort nobody = bed.own(ClosedPort.open(Family.IPV4));
        StartedProxy proxy = started(2, web(1).to(nobody.hostPort()));

        for (int i = 1; i <= 10; i++) {
            Knock.at(proxy.address()).expectReset().close();
            proxy.log().awaitEnds(i);
        }

        assertThat(proxy.log().ended()).extracting(FlowEnd::reason).containsOnly(CloseReason.CONNECT_REFUSED);
    }

    @Test
    void eachRouteHasALimitOfItsOwn() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = bed.start(
                web(1).to(server.hostPort()),
                Route.tcp("api").listen("127.0.0.1", 0).to(server.hostPort()));
        served(proxy);

        Knock.at(proxy.address()).expectReset().close();

        InetSocketAddress api = proxy.server().route("api").localAddress();
        bed.connect(api).send("in").expect("in");
        bed.connect(api).send("in").expect("in");
    }

    @Test
    void aLimitThatIsLoweredOrRaisedCountsThoseThatAreThere() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(2, web(2).to(server.hostPort()));
        TcpPeer first = served(proxy);
        TcpPeer second = served(proxy);

        proxy.server().replace(web(1).to(server.hostPort()));
        first.endStream().expectEnd();
        proxy.log().awaitEnd();
        Knock.at(proxy.address()).expectReset().close();
        second.send("still").expect("still");
        proxy.server().replace(web(2).to(server.hostPort()));

        served(proxy);
        Knock.at(proxy.address()).expectReset().close();
    }

    private interface Client {
        void run(Random random) throws Exception;
    }

    /** Has all clients begin at once, and waits until they are done. */
    private void together(long seed, Client client) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(seed + i);
            clients.add(bed.fork(() -> {
                start.await();
                client.run(random);
                return null;
            }));
        }
        start.countDown();
        for (Future<Void> each : clients) {
            Await.result(each);
        }
    }

    @Test
    void theLimitIsExactForClientsThatComeAtOnce() throws Exception {
        int limit = 20;
        int each = 10;
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(WORKERS, web(limit).to(server.hostPort()));

        together(0, random -> {
            for (int i = 0; i < each; i++) {
                bed.own(Knock.at(proxy.address()));
            }
        });
        Await.until("all have come", () -> proxy.metrics().opened() == CLIENTS * each);

        Await.until("all others are refused", () -> refused(proxy) == CLIENTS * each - limit);
        assertThat(proxy.metrics().active()).isEqualTo(limit);
    }

    @Test
    void theCountNeverGoesWrongWhileConnectionsComeAndGo() throws Exception {
        long seed = System.nanoTime();
        try {
            checkComingAndGoing(seed);
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Had a place been lost or won meanwhile, it would be missing or left over afterwards. */
    private void checkComingAndGoing(long seed) throws Exception {
        int limit = 3;
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = started(WORKERS, web(limit).to(server.hostPort()));

        together(seed, random -> {
            for (int i = 0; i < 40; i++) {
                comeAndGo(proxy, random);
            }
        });
        Await.until("all have gone", () -> proxy.metrics().active() == 0);

        assertThat(refused(proxy)).as("refusals").isPositive();
        assertThat(server.accepted()).as("connections relayed").isPositive();
        for (int i = 0; i < limit; i++) {
            served(proxy);
        }
        Knock.at(proxy.address()).expectReset().close();
    }

    private static void comeAndGo(StartedProxy proxy, Random random) throws Exception {
        try (TcpPeer client = TcpPeer.connect(proxy.address())) {
            switch (random.nextInt(4)) {
                case 0 -> client.send("hello").expect("hello").endStream().expectEnd();
                case 1 -> client.send("hello").expect("hello").reset();
                case 2 -> client.send("hello").reset();
                default -> client.endStream();
            }
        } catch (IOException refused) {
            assertThat(refused).hasMessageMatching("Connection reset.*|Broken pipe.*");
        }
    }

    @Test
    void withoutALimitOfItsOwnARouteTakesWhatTheOpenFilesAllow() throws Exception {
        int openFiles = 600;
        int limit = (openFiles - 512) / 2;
        TcpServer server = bed.server(TcpServer::echo);
        try (ChildJvm child = ChildJvm.start(
                List.of("sh", "-c", "ulimit -n " + openFiles + " && exec \"$@\"", "sh"),
                ChildJvm.testClass("off", Unlimited.class, server.hostPort()))) {
            InetSocketAddress address = Family.IPV4.socketAddress(Integer.parseInt(child.readLine()));
            for (int i = 0; i < limit; i++) {
                bed.connect(address).send("in").expect("in");
            }

            Knock.at(address).expectReset().close();

            assertThat(child.tell("enough").awaitLines()).containsExactly("active " + limit, "refused 1");
        }
    }

    /** Runs a proxy until it is told that it is enough. */
    static final class Unlimited {
        private Unlimited() {}

        public static void main(String[] args) throws IOException {
            try (ProxyServer proxy =
                    ProxyServer.start(Route.tcp("web").listen("127.0.0.1", 0).to(args[0]))) {
                RunningRoute web = proxy.route("web");
                System.out.println(web.port());
                System.in.read();
                System.out.println("active " + web.metrics().active());
                System.out.println("refused " + web.metrics().ended(CloseReason.LIMIT_ROUTE));
            }
        }
    }
}
