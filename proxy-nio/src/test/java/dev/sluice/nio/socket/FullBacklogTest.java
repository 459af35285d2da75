package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.Attempt;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.FreeAddress;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.TcpPeer;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A backlog that is full of connections of its own. */
@EnabledOnOs(OS.LINUX)
class FullBacklogTest {
    private final Sockets sockets = Sockets.system();

    private FullBacklog listen(InetSocketAddress address) throws Exception {
        return FullBacklog.listen(sockets, address, false, (channel, bound) -> {});
    }

    @Test
    void whoWasThereBeforeItWasFullIsGivenBack() throws Exception {
        InetSocketAddress address = FreeAddress.tcp();
        FullBacklog backlog = listen(address);
        try (TcpPeer client = TcpPeer.connect(address)) {
            backlog.fill(sockets);
            Attempt.expectNoAnswer(address);

            List<SocketChannel> clients = backlog.close();

            assertThat(clients).hasSize(1);
            assertThat(clients.get(0).getRemoteAddress())
                    .isEqualTo(client.socket().getLocalSocketAddress());
            clients.get(0).close();
            client.expectEnd();
        }
    }

    @Test
    void closedItLeavesNothing() throws Exception {
        InetSocketAddress address = FreeAddress.tcp();
        sockets.rehearse();
        long before = Await.standstill(OpenSockets::count);

        for (int i = 0; i < 5; i++) {
            FullBacklog backlog = listen(address);
            backlog.fill(sockets);
            Attempt.expectNoAnswer(address);
            assertThat(backlog.close()).isEmpty();
        }

        Attempt.expectRefused(address);
        Await.until("its sockets are closed", () -> OpenSockets.count() <= before);
    }
}
