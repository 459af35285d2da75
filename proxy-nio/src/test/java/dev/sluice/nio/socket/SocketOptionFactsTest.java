package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.nio.socket.Loopback.Connection;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The defaults that a proxy has to change, and where it can change them. */
@EnabledOnOs(OS.LINUX)
@Timeout(10)
final class SocketOptionFactsTest {

    @Test
    void neitherEndHasNoDelayOrKeepaliveByDefault() throws IOException {
        try (Connection connection = Connection.open()) {
            for (SocketChannel end : List.of(connection.near(), connection.far())) {
                assertThat(end.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
                assertThat(end.getOption(StandardSocketOptions.SO_KEEPALIVE)).isFalse();
            }
        }
    }

    @Test
    void keepaliveTimesOfAListenerAreInheritedButKeepaliveIsNotThereToBeSet() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
                SocketChannel client = Loopback.socket()) {
            listener.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 77)
                    .setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 11)
                    .setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4)
                    .bind(Loopback.ANY_PORT);
            client.connect(listener.getLocalAddress());
            try (SocketChannel accepted = listener.accept()) {
                assertThat(accepted.getOption(StandardSocketOptions.SO_KEEPALIVE))
                        .isFalse();
                assertThat(accepted.getOption(ExtendedSocketOptions.TCP_KEEPIDLE))
                        .isEqualTo(77);
                assertThat(accepted.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL))
                        .isEqualTo(11);
                assertThat(accepted.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT))
                        .isEqualTo(4);
            }
        }
    }

    static List<SocketOption<Boolean>> ofConnectionsOnly() {
        return List.of(StandardSocketOptions.SO_KEEPALIVE, StandardSocketOptions.TCP_NODELAY);
    }

    @ParameterizedTest
    @MethodSource("ofConnectionsOnly")
    void aListenerDoesNotKnowTheOptionsOfConnections(SocketOption<Boolean> option) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            assertThat(listener.supportedOptions()).doesNotContain(option);
            assertThatThrownBy(() -> listener.setOption(option, true))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void aBindWithoutABacklogQueuesFiftyOneClients() throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        try (ServerSocketChannel listener = Loopback.listener();
                SocketChannel oneTooMany = Loopback.socket()) {
            for (int i = 0; i < 51; i++) {
                SocketChannel client = Loopback.socket();
                clients.add(client);
                client.connect(listener.getLocalAddress());
                Loopback.await("the connect to finish", client::finishConnect);
            }

            oneTooMany.connect(listener.getLocalAddress());
            assertThat(oneTooMany.finishConnect()).isFalse();
        }
        for (SocketChannel client : clients) {
            client.close();
        }
    }

    @Test
    void aReceiveBufferTooLargeForTheKernelIsNoErrorAndTheSizeGrantedCanBeAsked() throws IOException {
        try (DatagramChannel datagrams = Loopback.datagrams()) {
            int before = datagrams.getOption(StandardSocketOptions.SO_RCVBUF);

            datagrams.setOption(StandardSocketOptions.SO_RCVBUF, Integer.MAX_VALUE);

            assertThat(datagrams.getOption(StandardSocketOptions.SO_RCVBUF))
                    .isGreaterThanOrEqualTo(before)
                    .isLessThan(Integer.MAX_VALUE);
        }
    }

    @Test
    void aReceiveBufferThatTheKernelGrantsIsReportedAsAsked() throws IOException {
        try (DatagramChannel datagrams = Loopback.datagrams()) {
            datagrams.setOption(StandardSocketOptions.SO_RCVBUF, 100_000);

            assertThat(datagrams.getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(100_000);
        }
    }
}
