package dev.sluice.nio.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;

/** An attempt to connect whose outcome is what a test is about. */
public final class Attempt implements AutoCloseable {
    /** Far more than an answer takes on one host. */
    private static final int NO_ANSWER_MILLIS = 200;

    private final SocketChannel channel;

    private Attempt(SocketChannel channel) {
        this.channel = channel;
    }

    /** Asks to be connected, and does not wait for an answer. */
    public static Attempt at(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(address);
        return new Attempt(channel);
    }

    /** Nobody listens there. */
    public static void expectRefused(InetSocketAddress address) {
        assertThatThrownBy(() -> TcpPeer.connect(address).close())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused");
    }

    /** Nobody answers there. */
    public static void expectNoAnswer(InetSocketAddress address) {
        assertThatThrownBy(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(address, NO_ANSWER_MILLIS);
                    }
                })
                .as("what comes of connecting to %s", address)
                .isInstanceOf(SocketTimeoutException.class);
    }

    public boolean isAnswered() throws IOException {
        return channel.finishConnect();
    }

    /** Waits until it has succeeded. */
    public TcpPeer connected() throws IOException {
        Await.until("the attempt has succeeded", () -> {
            try {
                return channel.finishConnect();
            } catch (IOException e) {
                throw new AssertionError("the attempt has failed", e);
            }
        });
        channel.configureBlocking(true);
        return new TcpPeer(channel.socket());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
