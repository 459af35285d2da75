package dev.sluice.nio.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * A server of thousands in a process of its own: one thread that echoes, and stops reading from whoever tells it to. It
 * says its port and serves until it is ended.
 */
public final class Crowd {
    /** Nothing is read after this. */
    public static final String STALL = "!";

    private static final int BACKLOG = 4_096;
    private static final int SMALL_BUFFER = 8 * 1024;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SMALL_BUFFER);

    private Crowd() throws IOException {}

    public static void main(String[] args) throws IOException {
        new Crowd().serve();
    }

    private void serve() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.socket().setReceiveBufferSize(SMALL_BUFFER);
        listener.bind(Family.IPV4.socketAddress(0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        System.out.println(listener.socket().getLocalPort());
        while (true) {
            selector.select(key -> {
                try {
                    onReady(key);
                } catch (IOException gone) {
                    key.cancel();
                    close(key);
                }
            });
        }
    }

    private void onReady(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ);
            return;
        }
        SocketChannel client = (SocketChannel) key.channel();
        if (client.read(buffer.clear()) < 0) {
            client.close();
        } else if (buffer.flip().get(0) == STALL.charAt(0)) {
            key.interestOps(0);
        } else {
            client.write(buffer);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new AssertionError("a close that fails", e);
        }
    }
}
