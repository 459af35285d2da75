package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlueGreenTest {

    private static Upstream upstream(ServerSocket server) {
        return Upstream.of("localhost:" + server.getLocalPort());
    }

    @Test
    void newConnectionsGoToTheOther() throws IOException {
        try (ServerSocket blue = new ServerSocket(0);
                ServerSocket green = new ServerSocket(0);
                ProxyServer proxy = ProxyServer.start(
                        Route.tcp("web").listen("localhost", 0).to(upstream(blue)));
                Socket before = new Socket("localhost", proxy.route("web").port());
                Socket atBlue = blue.accept()) {
            BlueGreen.move(proxy, upstream(green));

            try (Socket after = new Socket("localhost", proxy.route("web").port());
                    Socket atGreen = green.accept()) {
                atGreen.getOutputStream().write('g');
                assertThat(after.getInputStream().read()).isEqualTo('g');
            }
            atBlue.getOutputStream().write('b');
            assertThat(before.getInputStream().read()).isEqualTo('b');
        }
    }
}
