package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program with faults on its command line. */
@Timeout(60)
class RelayFaultsTest {
    @AutoClose
    private final HttpUpstream http = new HttpUpstream("http");

    RelayFaultsTest() throws IOException {}

    private Program start(String options) throws IOException {
        return Program.start(
                "--stats", "100ms", "127.0.0.1:0=" + AddressText.of(http.address()) + "?name=web&" + options);
    }

    private static InetSocketAddress listening(Program relay) throws InterruptedException {
        String port = relay.awaitLine("listening web tcp .*:(\\d+) -> .*").group(1);
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
    }

    @Test
    void answersComeLate() throws IOException, InterruptedException {
        try (Program relay = start("toClient=latency:200ms&faultSeed=42")) {
            InetSocketAddress web = listening(relay);
            relay.awaitLine("fault web to client: latency PT0\\.2S, seed 42");
            relay.awaitLine("ready");
            try (HttpConnection client = new HttpConnection(web)) {
                long asked = System.nanoTime();
                assertThat(client.get()).isEqualTo("http");
                assertThat(System.nanoTime() - asked).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
                relay.awaitLine(
                        "\\S+Z stats web flows 1, .* 1 ok; fault to client: latency PT0\\.2S, seed 42, flows 1");
            }
        }
    }

    @Test
    void clientsAreResetAtOnce() throws IOException, InterruptedException {
        try (Program relay = start("listening=acceptAndReset&faultFirst=1")) {
            InetSocketAddress web = listening(relay);
            relay.awaitLine("fault web listening: ACCEPT_AND_RESET, for the first 1, seed \\d+");
            try (Socket client = new Socket()) {
                client.connect(web);
                assertThatThrownBy(() -> client.getInputStream().read())
                        .isInstanceOf(SocketException.class)
                        .hasMessageContaining("reset");
            }
            relay.awaitLine("\\S+Z stats web .*; fault listening: ACCEPT_AND_RESET, .*, seed \\d+, flows 1");
            try (HttpConnection client = new HttpConnection(web)) {
                assertThat(client.get()).isEqualTo("http");
            }
        }
    }

    @Test
    void clientsAreRefusedForAWhile() throws IOException, InterruptedException {
        try (Program relay = start("listening=refuse&faultFor=24h")) {
            InetSocketAddress web = listening(relay);
            relay.awaitLine("fault web listening: REFUSE, during PT24H");
            relay.awaitLine("\\S+Z stats web flows 0, .*; fault listening: REFUSE, during PT24H");
            assertThatThrownBy(() -> new HttpConnection(web)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void whatIsNotForTheRouteIsOneThingAndAnExample() throws IOException, InterruptedException {
        try (Program relay = start("toClient=loss:0.1")) {
            assertThat(relay.awaitExit()).isEqualTo(2);
            assertThat(relay.err()).hasSize(2);
            assertThat(relay.err().get(0))
                    .isEqualTo("relay: route \"web\": faults: loss 0.1 is not for TCP;"
                            + " use latency, bandwidth, slice, limit, halfClose, slowClose, stall, blackHole or reset");
        }
    }
}
