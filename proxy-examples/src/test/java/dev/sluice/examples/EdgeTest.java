package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Route;
import dev.sluice.Shutdown;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
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

    @Test
    void itIsNotReadyBeforeItTakesNoMoreClientsAndThenDrains() throws Exception {
        try (ServerSocket server = new ServerSocket(0);
                Edge edge = Edge.start(
                        Route.tcp("edge").listen("127.0.0.1", 0).to("localhost:" + server.getLocalPort()), 0)) {
            int port = edge.proxy().route("edge").port();
            assertThat(readiness(edge)).isEqualTo(200);

            CompletableFuture<Shutdown> left = new CompletableFuture<>();
            Thread leaving = new Thread(() -> left.complete(edge.leave(Duration.ofSeconds(2), Duration.ofSeconds(30))));
            leaving.start();
            while (readiness(edge) == 200) {
                Thread.onSpinWait();
            }
            try (Socket late = new Socket("127.0.0.1", port);
                    Socket served = server.accept()) {
                late.getOutputStream().write(1);
                assertThat(served.getInputStream().read()).isEqualTo(1);
            }

            assertThat(left.get(50, TimeUnit.SECONDS)).isEqualTo(Shutdown.DRAINED);
            assertThatThrownBy(() -> new Socket("127.0.0.1", port).close()).isInstanceOf(ConnectException.class);
        }
    }
}
