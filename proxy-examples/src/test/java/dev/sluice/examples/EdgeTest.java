package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ProxyServer;
import dev.sluice.Shutdown;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EdgeTest {

    private static int readiness(Edge edge) throws IOException {
        URI ready = URI.create("http://127.0.0.1:" + edge.readinessPort() + "/ready");
        HttpURLConnection asked = (HttpURLConnection) ready.toURL().openConnection();
        return asked.getResponseCode();
    }

    private static void awaitReadiness(Edge edge, int answer) throws IOException {
        while (readiness(edge) != answer) {
            Thread.onSpinWait();
        }
    }

    private static Edge edge(ServerSocket server) throws IOException {
        return Edge.start(EdgeSettings.of(Map.ofEntries(
                Map.entry("LISTEN_PORT", "0"),
                Map.entry("READY_PORT", "0"),
                Map.entry("UPSTREAM_HOST", server.getInetAddress().getHostAddress()),
                Map.entry("UPSTREAM_PORT", Integer.toString(server.getLocalPort())))));
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    private static int port(ProxyServer proxy) {
        return proxy.route("edge").port();
    }

    /** The checks of the edge connect too, and say nothing. */
    private static void assertServed(ServerSocket server, int port) throws IOException {
        try (Socket client = new Socket("127.0.0.1", port)) {
            client.getOutputStream().write(1);
            int first;
            do {
                try (Socket served = server.accept()) {
                    first = read(served);
                }
            } while (first < 0);
            assertThat(first).isEqualTo(1);
        }
    }

    private static int read(Socket served) {
        try {
            return served.getInputStream().read();
        } catch (IOException reset) {
            return -1;
        }
    }

    @Test
    void itIsNotReadyBeforeItTakesNoMoreClients() throws Exception {
        try (ServerSocket server = server();
                Edge edge = edge(server)) {
            int port = port(edge.proxy());
            awaitReadiness(edge, 200);

            CompletableFuture<Shutdown> left = new CompletableFuture<>();
            Thread leaving = new Thread(() -> left.complete(edge.leave(Duration.ofHours(1), Duration.ofSeconds(30))));
            leaving.start();
            awaitReadiness(edge, 503);
            assertServed(server, port);

            leaving.interrupt();
            assertThat(left.get(50, TimeUnit.SECONDS)).isNotNull();
            assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void afterTheNoticeTheLastClientsEndByThemselves() throws Exception {
        try (ServerSocket server = server();
                Edge edge = edge(server)) {
            awaitReadiness(edge, 200);
            assertServed(server, port(edge.proxy()));

            assertThat(edge.leave(Duration.ZERO, Duration.ofSeconds(30))).isEqualTo(Shutdown.DRAINED);
        }
    }

    @Test
    void withoutAnUpstreamItIsNotReady() throws Exception {
        try (Edge edge = Edge.start(
                EdgeSettings.of(Map.of("LISTEN_PORT", "0", "READY_PORT", "0", "UPSTREAM_HOST", "nobody.invalid")))) {
            assertThat(readiness(edge)).isEqualTo(503);
        }
    }

    @Test
    void whatTheEnvironmentDoesNotSayIsAsUsual() {
        EdgeSettings settings = EdgeSettings.of(Map.of("UPSTREAM_HOST", "web", "DRAIN_SECONDS", "7"));

        assertThat(settings.route().listen().get(0).getPort()).isEqualTo(8080);
        assertThat(settings.readyPort()).isEqualTo(8081);
        assertThat(settings.notice()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void whatIsWrongWithTheEnvironmentIsSaid() {
        assertThatThrownBy(() -> EdgeSettings.of(Map.of())).hasMessageContaining("UPSTREAM_HOST is not set");
        assertThatThrownBy(() -> EdgeSettings.of(Map.of("UPSTREAM_HOST", "web", "NOTICE_SECONDS", "10s")))
                .hasMessageContaining("NOTICE_SECONDS \"10s\" is not a number");
    }
}
