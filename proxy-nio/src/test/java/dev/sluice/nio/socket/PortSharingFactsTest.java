package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Several sockets on one port, one for each worker, without giving up that a port in use is an error. */
@EnabledOnOs(OS.LINUX)
@Timeout(10)
final class PortSharingFactsTest {

    private static final int CLIENTS = 40;

    @Test
    void listenersJoinOneThatGotTheOptionAfterItsBind() throws IOException {
        try (ServerSocketChannel first = Loopback.listener();
                ServerSocketChannel second = unboundListener()) {
            SocketAddress address = first.getLocalAddress();
            first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            second.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(address);

            List<SocketChannel> clients = connect(address);
            int[] accepted = new int[2];
            Loopback.await("all clients", () -> {
                accepted[0] += acceptAll(first);
                accepted[1] += acceptAll(second);
                return accepted[0] + accepted[1] == CLIENTS;
            });
            assertThat(accepted[0]).isPositive();
            assertThat(accepted[1]).isPositive();
            closeAll(clients);
        }
    }

    @Test
    void withoutTheOptionNoListenerJoins() throws IOException {
        try (ServerSocketChannel first = Loopback.listener();
                ServerSocketChannel second = unboundListener()) {
            second.setOption(StandardSocketOptions.SO_REUSEPORT, true);

            assertThatThrownBy(() -> second.bind(first.getLocalAddress())).isInstanceOf(BindException.class);
        }
    }

    @Test
    void aStrangersListenerDoesNotJoin() throws IOException {
        try (ServerSocketChannel first = Loopback.listener();
                ServerSocketChannel second = unboundListener();
                ServerSocketChannel stranger = unboundListener()) {
            SocketAddress address = first.getLocalAddress();
            first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            second.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(address);

            assertThatThrownBy(() -> stranger.bind(address)).isInstanceOf(BindException.class);
        }
    }

    @Test
    void withTheOptionFromTheStartASecondServerTakesTheSamePortSilently() throws IOException {
        try (ServerSocketChannel first = unboundListener();
                ServerSocketChannel second = unboundListener()) {
            first.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(Loopback.ANY_PORT);
            second.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(first.getLocalAddress());

            assertThat(second.getLocalAddress()).isEqualTo(first.getLocalAddress());
        }
    }

    @Test
    void closingOneOfTwoListenersResetsTheClientsInItsQueue() throws IOException {
        ServerSocketChannel first = Loopback.listener();
        try (ServerSocketChannel second = unboundListener()) {
            SocketAddress address = first.getLocalAddress();
            first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            second.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(address);
            List<SocketChannel> clients = connect(address);

            first.close();

            int[] left = new int[1];
            Loopback.await("each client to be accepted by the second or reset", () -> {
                left[0] += acceptAll(second);
                return left[0] + countReset(clients) == CLIENTS;
            });
            assertThat(left[0]).isLessThan(CLIENTS);
            closeAll(clients);
        }
    }

    @Test
    void datagramChannelsJoinOneThatGotTheOptionAfterItsBind() throws IOException {
        try (DatagramChannel first = Loopback.boundDatagrams();
                DatagramChannel second = Loopback.datagrams();
                DatagramChannel stranger = Loopback.datagrams()) {
            SocketAddress address = first.getLocalAddress();
            first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            second.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(address);
            assertThatThrownBy(() -> stranger.bind(address)).isInstanceOf(BindException.class);

            for (int i = 0; i < CLIENTS; i++) {
                try (DatagramChannel client = Loopback.datagrams()) {
                    client.send(ByteBuffer.allocate(1), address);
                }
            }
            int[] received = awaitDatagrams(first, second);
            assertThat(received[0]).isPositive();
            assertThat(received[1]).isPositive();
        }
    }

    @Test
    void oneClientsDatagramsStayOnOneChannel() throws IOException {
        try (DatagramChannel first = Loopback.boundDatagrams();
                DatagramChannel second = Loopback.datagrams();
                DatagramChannel client = Loopback.datagrams()) {
            first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            second.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(first.getLocalAddress());

            for (int i = 0; i < CLIENTS; i++) {
                client.send(ByteBuffer.allocate(1), first.getLocalAddress());
            }
            assertThat(awaitDatagrams(first, second)).containsExactlyInAnyOrder(CLIENTS, 0);
        }
    }

    private static ServerSocketChannel unboundListener() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
        listener.configureBlocking(false);
        return listener;
    }

    private static List<SocketChannel> connect(SocketAddress address) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            SocketChannel client = Loopback.socket();
            clients.add(client);
            client.connect(address);
            Loopback.await("the connect to finish", client::finishConnect);
        }
        return clients;
    }

    private static int acceptAll(ServerSocketChannel listener) throws IOException {
        int count = 0;
        for (SocketChannel accepted = listener.accept(); accepted != null; accepted = listener.accept()) {
            accepted.close();
            count++;
        }
        return count;
    }

    /** How many of the clients' datagrams came to the one channel, and how many to the other. */
    private static int[] awaitDatagrams(DatagramChannel first, DatagramChannel second) {
        int[] received = new int[2];
        Loopback.await("all datagrams", () -> {
            received[0] += receiveAll(first);
            received[1] += receiveAll(second);
            return received[0] + received[1] == CLIENTS;
        });
        return received;
    }

    private static int receiveAll(DatagramChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        int count = 0;
        while (channel.receive(buffer.clear()) != null) {
            count++;
        }
        return count;
    }

    private static long countReset(List<SocketChannel> clients) {
        return clients.stream().filter(PortSharingFactsTest::isReset).count();
    }

    private static boolean isReset(SocketChannel client) {
        try {
            client.read(ByteBuffer.allocate(1));
            return false;
        } catch (SocketException e) {
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void closeAll(List<SocketChannel> channels) throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }
}
