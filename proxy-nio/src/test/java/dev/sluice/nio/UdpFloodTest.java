package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.Shutdown;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One client that sends as fast as it can, and the others. */
class UdpFloodTest {
    /** More than one, so that the worker has to do with more than it can take. */
    private static final int FLOODERS = 3;
    /** Far more than emptying one full queue takes, and far less than a flood lasts. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    /** Has clients of the route send until the test is over, when the route goes with all that is left in its queue. */
    private void flood(StartedProxy proxy, String route) throws Exception {
        bed.own((AutoCloseable) () -> proxy.server().remove(route, Leaving.close()));
        flood(proxy.server().route(route).localAddress());
    }

    /** Has clients send until the test is over; the address may go away meanwhile. */
    private void flood(InetSocketAddress address) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong sent = new AtomicLong();
        bed.own((AutoCloseable) () -> stop.set(true));
        for (int i = 0; i < FLOODERS; i++) {
            UdpPeer flooder = udp.peer();
            bed.fork(() -> {
                byte[] payload = new byte[16];
                while (!stop.get()) {
                    flooder.send(address, payload);
                    sent.incrementAndGet();
                }
                return null;
            });
        }
        Await.until("the flood is on", () -> sent.get() > 10_000);
    }

    /** An upstream that takes everything and answers nothing. */
    private UdpPeer sink() throws IOException {
        return udp.peer();
    }

    @Test
    void aFloodStarvesNoConnectionOfItsWorker() throws Exception {
        TcpServer server = bed.server(TcpServer::echo);
        StartedProxy proxy = udp.start(
                builder -> builder.workers(1),
                Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()),
                Udp.route("syslog").to(sink().hostPort()));
        TcpPeer client = bed.connect(proxy).send("before").expect("before");

        flood(proxy, "syslog");

        for (int i = 0; i < 100; i++) {
            client.send("during").expect("during");
        }
        bed.connect(proxy).send("new").expect("new");
    }

    @Test
    void aFloodOnOneRouteStarvesNoOtherRoute() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(1),
                Udp.route("dns").to(server.hostPort()),
                Udp.route("syslog").to(sink().hostPort()));
        flood(proxy, "syslog");
        UdpPeer client = udp.peer();

        for (int i = 0; i < 100; i++) {
            client.exchange(proxy.address(), "query " + i);
        }
    }

    /** An upstream that floods its one client is bounded too. */
    @Test
    void aFloodOfAnswersStarvesNoOtherSession() throws Exception {
        UdpServer server = udp.echo();
        UdpPeer upstream = sink();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(1),
                Udp.route("dns").to(server.hostPort()),
                Udp.route("news").to(upstream.hostPort()));
        udp.peer().send(proxy.server().route("news").localAddress(), "subscribe");
        flood(upstream.expect("subscribe").from(), upstream);
        UdpPeer client = udp.peer();

        for (int i = 0; i < 100; i++) {
            client.exchange(proxy.address(), "query " + i);
        }
    }

    private void flood(InetSocketAddress session, UdpPeer from) {
        AtomicBoolean stop = new AtomicBoolean();
        bed.own((AutoCloseable) () -> stop.set(true));
        bed.fork(() -> {
            byte[] payload = new byte[16];
            while (!stop.get()) {
                from.send(session, payload);
            }
            return null;
        });
    }

    private static Duration took(Runnable change) {
        long begun = System.nanoTime();
        change.run();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void aFloodHoldsUpNoClose() throws Exception {
        StartedProxy proxy =
                bed.start(builder -> builder.workers(1), Udp.route().to(sink().hostPort()));
        flood(proxy.address());

        assertThat(took(() -> proxy.server().close())).isLessThan(SOON);
        assertThat(proxy.server().metrics().active()).isZero();
    }

    @Test
    void aFloodHoldsUpNoRemoval() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(1),
                Udp.route("dns").to(server.hostPort()),
                Udp.route("syslog").to(sink().hostPort()));
        flood(proxy.server().route("syslog").localAddress());

        assertThat(took(() -> proxy.server().remove("syslog", Leaving.close()))).isLessThan(SOON);

        udp.peer().exchange(proxy.address(), "query");
    }

    @Test
    void aFloodHoldsUpNoShutdown() throws Exception {
        StartedProxy proxy =
                bed.start(builder -> builder.workers(1), Udp.route().to(sink().hostPort()));
        flood(proxy.address());

        assertThat(took(() -> assertThat(proxy.server().shutdown(Duration.ofMillis(100)))
                        .isEqualTo(Shutdown.FORCED)))
                .isLessThan(SOON);
    }
}
