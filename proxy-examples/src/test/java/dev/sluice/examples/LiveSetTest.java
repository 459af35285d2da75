package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ProxyServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveSetTest {

    @Test
    void clientsGoToWhoeverHasBeenAdded() throws IOException {
        try (ServerSocket server = new ServerSocket(0);
                ProxyServer proxy = LiveSet.start(0)) {
            String added = "localhost:" + server.getLocalPort();

            assertThat(LiveSet.tell(proxy, "add " + added)).isEqualTo(added);
            try (Socket client = new Socket("localhost", proxy.route("web").port());
                    Socket served = server.accept()) {
                served.getOutputStream().write('s');
                assertThat(client.getInputStream().read()).isEqualTo('s');
            }
        }
    }

    @Test
    void whoHasBeenRemovedIsNoLongerListed() {
        try (ProxyServer proxy = LiveSet.start(0)) {
            LiveSet.tell(proxy, "add 10.0.0.5:80");
            assertThat(LiveSet.tell(proxy, "add 10.0.0.6:80")).isEqualTo("10.0.0.5:80 10.0.0.6:80");

            assertThat(LiveSet.tell(proxy, "remove 10.0.0.5:80")).isEqualTo("10.0.0.6:80");
            assertThat(LiveSet.tell(proxy, "list")).isEqualTo("10.0.0.6:80");
        }
    }

    @Test
    void aLineThatIsWrongChangesNothing() {
        try (ProxyServer proxy = LiveSet.start(0)) {
            LiveSet.tell(proxy, "add 10.0.0.5:80");

            assertThat(LiveSet.tell(proxy, "add 10.0.0.6")).contains("has no port");
            assertThat(LiveSet.tell(proxy, "add 10.0.0.5:80")).contains("given twice");
            assertThat(LiveSet.tell(proxy, "drop 10.0.0.5:80")).isEqualTo("add HOST:PORT, remove HOST:PORT or list");
            assertThat(LiveSet.tell(proxy, "list")).isEqualTo("10.0.0.5:80");
        }
    }
}
