package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program as scripts see it: lines, signals, exit status. What is printed on standard error is part of that. */
@Timeout(300)
class RelayTest {
    @AutoClose
    private final HttpUpstream http = new HttpUpstream("http");

    @AutoClose
    private final EchoUpstream echo = new EchoUpstream();

    RelayTest() throws IOException {}

    private static InetSocketAddress at(String port) {
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
    }

    private String httpPlace() {
        return AddressText.of(http.address());
    }

    private static byte[] echoed(InetSocketAddress relay, String text) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
            client.setSoTimeout(30_000);
            client.send(new DatagramPacket(payload, payload.length, relay));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            client.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    @Test
    void relaysAndSaysSo() throws IOException, InterruptedException {
        String echoPlace = AddressText.of(echo.address());
        try (Program relay = Program.start(
                "--workers",
                "1",
                "--drain",
                "0",
                "127.0.0.1:0=" + httpPlace() + "?name=web",
                "udp:127.0.0.1:0=" + echoPlace)) {
            String web = relay.awaitLine("listening web tcp 127\\.0\\.0\\.1:(\\d+) -> " + httpPlace())
                    .group(1);
            String udp = relay.awaitLine("listening udp-any udp 127\\.0\\.0\\.1:(\\d+) -> " + echoPlace)
                    .group(1);
            relay.awaitLine("ready");

            try (HttpConnection client = new HttpConnection(at(web))) {
                assertThat(client.get()).isEqualTo("http");
            }
            assertThat(echoed(at(udp), "hello")).asString().isEqualTo("hello");

            relay.terminate();
            relay.awaitLine("total web tcp 1 connection, \\d+ B to upstreams, \\d+ B to clients; .*");
            relay.awaitLine("total udp-any udp 1 session, 1 datagram \\(5 B\\) to upstreams,"
                    + " 1 datagram \\(5 B\\) to clients; SHUTDOWN 1");
            relay.awaitLine("stopped, .*");
            assertThat(relay.awaitExit()).isZero();
            assertThat(relay.out()).hasSize(6);
            assertThat(relay.err()).isEmpty();
        }
    }

    @Test
    void drainsWhenToldToStop() throws IOException, InterruptedException {
        try (Program relay = Program.start("--drain", "100s", "127.0.0.1:0=" + httpPlace())) {
            String port =
                    relay.awaitLine("listening tcp-any tcp .*:(\\d+) -> .*").group(1);
            try (HttpConnection client = new HttpConnection(at(port))) {
                assertThat(client.get()).isEqualTo("http");
                relay.terminate();
                relay.awaitLine("draining 1 flow, at most 100s; .*");
                assertThat(client.get()).isEqualTo("http");
            }
            relay.awaitLine("total tcp-any tcp 1 connection, .*; DONE 1");
            relay.awaitLine("stopped, drained");
            assertThat(relay.awaitExit()).isZero();
            assertThat(relay.err()).isEmpty();
        }
    }

    @Test
    void resetsWhatIsLeftWhenTheTimeIsOver() throws IOException, InterruptedException {
        try (Program relay = Program.start("--drain", "50ms", "127.0.0.1:0=" + httpPlace())) {
            String port =
                    relay.awaitLine("listening tcp-any tcp .*:(\\d+) -> .*").group(1);
            try (HttpConnection client = new HttpConnection(at(port))) {
                assertThat(client.get()).isEqualTo("http");
                relay.terminate();
                relay.awaitLine("draining 1 flow, at most 50ms; .*");
                relay.awaitLine("total tcp-any tcp 1 connection, .*; SHUTDOWN 1");
                relay.awaitLine("stopped, what was left was reset");
            }
            assertThat(relay.awaitExit()).isZero();
            assertThat(relay.err()).isEmpty();
        }
    }

    @Test
    void aSecondSignalEndsTheDrainAtOnce() throws IOException, InterruptedException {
        try (Program relay = Program.start("--drain", "24h", "127.0.0.1:0=" + httpPlace())) {
            String port =
                    relay.awaitLine("listening tcp-any tcp .*:(\\d+) -> .*").group(1);
            try (HttpConnection client = new HttpConnection(at(port))) {
                assertThat(client.get()).isEqualTo("http");
                relay.terminate();
                relay.awaitLine("draining 1 flow, at most 24h; a second signal ends it now");
                relay.terminate();
                relay.awaitLine("total tcp-any tcp 1 connection, .*; SHUTDOWN 1");
                relay.awaitLine("stopped, what was left was reset");
            }
            assertThat(relay.awaitExit()).isZero();
            assertThat(relay.err()).isEmpty();
        }
    }

    @Test
    void statsAreLinesWhereNobodyWatches() throws IOException, InterruptedException {
        try (Program relay = Program.start("--stats", "100ms", "127.0.0.1:0=" + httpPlace() + "?name=web")) {
            String port = relay.awaitLine("listening web tcp .*:(\\d+) -> .*").group(1);
            relay.awaitLine("ready");
            relay.awaitLine("\\S+Z stats web flows 0, opened 0, up 0 B \\(0 B/s\\), down 0 B \\(0 B/s\\); "
                    + httpPlace() + " 0 -");
            try (HttpConnection client = new HttpConnection(at(port))) {
                assertThat(client.get()).isEqualTo("http");
                relay.awaitLine("\\S+Z stats web flows 1, opened 1, up .*; " + httpPlace() + " 1 ok");
            }
            relay.terminate();
            relay.awaitLine("stopped, drained");
            assertThat(relay.awaitExit()).isZero();
        }
    }

    @Test
    void aPortInUseIsOneLine() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program relay = Program.start("127.0.0.1:" + taken.getLocalPort() + "=" + httpPlace())) {
            assertThat(relay.awaitExit()).isEqualTo(1);
            assertThat(relay.out()).isEmpty();
            assertThat(relay.err())
                    .singleElement()
                    .asString()
                    .startsWith("relay: route \"tcp-" + taken.getLocalPort() + "\": cannot listen on 127.0.0.1:"
                            + taken.getLocalPort() + ": Address already in use");
        }
    }

    @Test
    void aWrongArgumentIsOneThingAndAnExample() throws IOException, InterruptedException {
        assertRefused("option \"foo\" is unknown", "8080=a:1?foo=1");
        assertRefused("upstream 127.0.0.1:9 is where the route itself listens", "127.0.0.1:9=127.0.0.1:9");
        assertRefused("'--drain': \"5\" is not a duration", "--drain", "5", "8080=a:1");
        assertRefused("--stats 99ms is too often; use 100ms or more, or 0 for none", "--stats", "99ms", "0=a:1");
        assertRefused("workers 5000 is out of range", "--workers", "5000", "0=a:1");
        assertRefused("write tcp: or udp:", "sctp:8080=a:1");
        assertRefused("Unknown option: '--foo'", "--foo", "8080=a:1");
        assertRefused("no route; write LISTEN=UPSTREAM");
        assertRefused("demo takes no other argument than --stay", "8080=a:1", "demo");
    }

    private static void assertRefused(String wrong, String... arguments) throws IOException, InterruptedException {
        try (Program relay = Program.start(arguments)) {
            assertThat(relay.awaitExit()).isEqualTo(2);
            assertThat(relay.out()).isEmpty();
            assertThat(relay.err()).hasSize(2);
            assertThat(relay.err().get(0)).startsWith("relay: ").contains(wrong);
            assertThat(relay.err().get(1)).startsWith("example: java -jar relay.jar ");
        }
    }

    @Test
    void helpIsToldWhenAsked() throws IOException, InterruptedException {
        try (Program help = Program.start("--help")) {
            assertThat(help.awaitExit()).isZero();
            assertThat(help.out())
                    .contains("Usage: " + Help.SYNOPSIS.lines().findFirst().orElseThrow());
            assertThat(help.err()).isEmpty();
        }
    }
}
