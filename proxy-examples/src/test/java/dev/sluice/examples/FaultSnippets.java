package dev.sluice.examples;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.FaultRule;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RouteFaults;
import dev.sluice.RunningFault;
import dev.sluice.RunningRoute;
import dev.sluice.fault.Fault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the guide to faults shows, here to be compiled: see {@link ReadmeTest}. */
final class FaultSnippets {

    /** Never run: what is shown is how a test of somebody else's looks. */
    static final class Shown {
        class OrdersTest {
            @AutoClose
            ProxyServer proxy =
                    ProxyServer.start(Route.tcp("db").listen("localhost", 0).to("localhost:5432"));

            @Test
            void aSlowDatabaseIsWaitedFor() throws Exception {
                try (RunningFault slow = proxy.route("db").faults().toClient(Fault.latency(ofMillis(100)))) {
                    Orders orders =
                            Orders.connect("localhost", proxy.route("db").port());
                    assertTrue(orders.isOpen());
                    assertEquals(1, slow.flows());
                }
            }
        }
    }

    /** What the reader's own program has. */
    private record Orders(Socket socket) {
        static Orders connect(String host, int port) throws IOException {
            return new Orders(new Socket(host, port));
        }

        boolean isOpen() {
            return socket.isConnected();
        }
    }

    private FaultSnippets() {}

    static void inTheReadme(ProxyServer proxy) {
        try (RunningFault slow =
                proxy.route("db").faults().toClient(Fault.latency(ofMillis(100)).jitter(ofMillis(20)))) {
            System.out.println(slow); // to client: latency PT0.1S +-PT0.02S (seed 4711, flows 1)
        }
        RunningRoute route = proxy.route("db");
        route.faults().apply(FaultRule.bothWays(Fault.blackHole()).liveFlows()); // new ones work
        route.down(); // connection refused, until up()
    }

    static void rules(ProxyServer proxy) {
        RouteFaults faults = proxy.route("db").faults();
        faults.apply(FaultRule.bothWays(Fault.blackHole()).liveFlows()); // accepted before now; new ones work
        faults.apply(FaultRule.toClient(Fault.resetAfter(10_000)).first(2)); // the first two
        faults.apply(FaultRule.toUpstream(Fault.stall()).where(flow -> flow.id() == 7)); // whom you like
        faults.apply(FaultRule.bothWays(Fault.latency(ofMillis(50)).jitter(ofMillis(50)))
                .probability(0.1)
                .seed(42));
        faults.apply(FaultRule.listening(Fault.refuse()).during(ofSeconds(3))); // ends by itself
    }

    static void fromTheStart() {
        ProxyServer.start(Route.tcp("db")
                .listen("localhost", 0)
                .faults(FaultRule.listening(Fault.pauseAccepting()))
                .to("localhost:5432"));
    }

    static void verbs(ProxyServer proxy) throws Exception {
        RunningRoute route = proxy.route("db");
        route.pause(); // nothing is accepted or relayed, nothing is lost
        route.resume();
        route.down(); // the port is closed, for anybody to take, and flows are reset
        route.up(); // the same port again
        route.retarget("localhost:5433"); // new flows go there
        route.resetFlows(flow -> flow.age().toSeconds() > 10); // or closeFlows
        route.flows().forEach(System.out::println); // who is there, and how many bytes each way
        route.await(counts -> counts.opened() == 1, ofSeconds(5)); // a flow has come
        route.await(counts -> counts.bytesToClient() >= 1_000, ofSeconds(5));
        route.await(counts -> counts.active() == 0, ofSeconds(5)); // all are gone
    }

    /** What the tables map other programs' words to. */
    static void elsewhere(RunningRoute route, RouteFaults faults, InetSocketAddress address) {
        route.resetFlows(flow -> flow.info().client().equals(address));
        faults.toClient(Fault.latency(ofMillis(100)).jitter(ofMillis(20)));
        faults.toClient(Fault.bandwidth(64 * 1000));
        faults.toClient(Fault.stall());
        faults.toClient(Fault.slowClose(ofSeconds(1)));
        faults.bothWays(Fault.blackHole(), Fault.resetAfter(ofSeconds(1)));
        faults.toClient(Fault.resetAfter(ofMillis(500)));
        faults.toClient(Fault.slice(64).variation(32).gap(ofMillis(1)));
        faults.toClient(Fault.limit(1_000));
        faults.clear();
        faults.toUpstream(Fault.halfClose());
        faults.bothWays(Fault.slice(1));
        route.resetFlows(flow -> true);
        route.resume();
        faults.apply(FaultRule.listening(Fault.refuse()).during(ofMillis(500)));
        faults.toClient(Fault.latency(ofMillis(100)));
        faults.bothWays(Fault.latency(ofMillis(100)), Fault.bandwidth(1_000_000));
        faults.toUpstream(Fault.rebind());
        RunningFault cut = faults.bothWays(Fault.stall());
        cut.close();
    }
}
