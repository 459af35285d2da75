package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.Leaving;
import dev.sluice.LiveUpstreams;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MeterTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** A datagram of 100 bytes to the echo and back. */
    private static void exchange(DatagramSocket client, ProxyServer proxy) throws IOException {
        client.send(new DatagramPacket(new byte[100], 100, proxy.route("echo").localAddress()));
        client.receive(new DatagramPacket(new byte[100], 100));
        while (proxy.route("echo").metrics().bytesToClient() == 0) {
            // counted once the kernel has it, which the client may see first
            Thread.onSpinWait();
        }
    }

    @Test
    void tellsWhatChangedBetweenTwoLooks() throws IOException {
        try (EchoUpstream echo = new EchoUpstream();
                ProxyServer proxy = ProxyServer.start(
                        Route.udp("echo").listen("127.0.0.1", 0).to(AddressText.of(echo.address())));
                DatagramSocket client = new DatagramSocket()) {
            Meter meter = new Meter(proxy, 0);
            exchange(client, proxy);

            RouteReading busy = meter.look(2 * SECOND).get(0);
            assertThat(busy.route()).isEqualTo(new Reading("echo", new Counts(1, 1, 100, 100, 0), 50, 50, ""));
            assertThat(busy.upstreams())
                    .containsExactly(
                            new Reading(AddressText.of(echo.address()), new Counts(1, 1, 100, 100, 0), 50, 50, "ok"));
            assertThat(busy.troubles()).isEmpty();

            RouteReading quiet = meter.look(3 * SECOND).get(0);
            assertThat(quiet.route()).isEqualTo(new Reading("echo", new Counts(1, 1, 100, 100, 0), 0, 0, ""));
        }
    }

    @Test
    void anUpstreamThatLeftAndReturnsIsCountedFromZero() throws IOException {
        try (EchoUpstream echo = new EchoUpstream();
                ProxyServer proxy = ProxyServer.start(
                        Route.udp("echo").listen("127.0.0.1", 0).to(AddressText.of(echo.address())));
                DatagramSocket client = new DatagramSocket()) {
            Meter meter = new Meter(proxy, 0);
            exchange(client, proxy);
            meter.look(SECOND);
            LiveUpstreams group = proxy.upstreams("echo");
            List<Upstream> members = List.of(group.list().get(0).upstream());

            group.update(List.of(), Leaving.close());
            assertThat(meter.look(2 * SECOND).get(0).upstreams()).isEmpty();
            group.update(members);
            assertThat(meter.look(3 * SECOND).get(0).upstreams())
                    .containsExactly(new Reading(members.get(0).id(), new Counts(0, 0, 0, 0, 0), 0, 0, "-"));
        }
    }

    @Test
    void tellsThatAnUpstreamFails() throws IOException {
        int nobody;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = server.getLocalPort();
        }
        try (ProxyServer proxy = ProxyServer.start(
                        Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:" + nobody));
                Socket client = new Socket("127.0.0.1", proxy.route("web").port())) {
            Meter meter = new Meter(proxy, 0);
            while (proxy.route("web").metrics().ended(CloseReason.CONNECT_REFUSED) == 0) {
                Thread.onSpinWait();
            }

            RouteReading reading = meter.look(SECOND).get(0);
            assertThat(client.isConnected()).isTrue();
            assertThat(reading.upstreams()).extracting(Reading::state).isEqualTo(List.of("fails"));
            assertThat(reading.troubles()).isEqualTo("failed: CONNECT_REFUSED 1; dials failed: REFUSED 1");
            assertThat(proxy.route("web").metrics().dialFailures(DialFailure.REFUSED))
                    .isEqualTo(1);
            assertThat(Totals.line(proxy.route("web")))
                    .isEqualTo("total web tcp 1 connection, 0 B to upstreams, 0 B to clients;"
                            + " CONNECT_REFUSED 1; dials failed: REFUSED 1");
        }
    }
}
