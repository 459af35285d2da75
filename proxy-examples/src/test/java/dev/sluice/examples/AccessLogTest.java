package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AccessLogTest {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Test
    void aConnectionThatHasEndedIsALine() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0)) {
            String upstream = "localhost:" + server.getLocalPort();
            Route route = Route.tcp("web").listen("127.0.0.1", 0).to(upstream);
            try (ProxyServer proxy = AccessLog.start(route, lines::add)) {
                try (Socket client = new Socket("127.0.0.1", proxy.route("web").port());
                        Socket accepted = server.accept()) {
                    client.getOutputStream().write(new byte[3]);
                    client.shutdownOutput();
                    assertThat(accepted.getInputStream().readAllBytes()).hasSize(3);
                    accepted.getOutputStream().write(new byte[5]);
                    accepted.shutdownOutput();
                    assertThat(client.getInputStream().readAllBytes()).hasSize(5);
                }

                assertThat(lines.poll(30, TimeUnit.SECONDS))
                        .matches("\\S+Z 127\\.0\\.0\\.1 " + upstream + " DONE \\d+ms 3 5");
            }
        }
    }

    @Test
    void soIsOneThatWasRefused() throws IOException, InterruptedException {
        int free;
        try (ServerSocket server = new ServerSocket(0)) {
            free = server.getLocalPort();
        }
        Route route = Route.tcp("web").listen("127.0.0.1", 0).to("127.0.0.1:" + free);
        try (ProxyServer proxy = AccessLog.start(route, lines::add);
                Socket client = new Socket("127.0.0.1", proxy.route("web").port())) {
            assertThat(client.isConnected()).isTrue();
            assertThat(lines.poll(30, TimeUnit.SECONDS)).contains(" CONNECT_REFUSED ");
        }
    }
}
