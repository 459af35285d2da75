package dev.sluice.nio.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;

/** A small correct program for the simulation to torment: it sends back what it receives, and ends when it has. */
final class EchoServer {

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final List<String> trace = new ArrayList<>();

    /** What is still to be sent back on one connection. */
    private static final class Echo {
        private final ByteBuffer pending = ByteBuffer.allocate(512);
        private boolean ended;
    }

    EchoServer(SelectorProvider provider, InetSocketAddress address) throws IOException {
        selector = provider.openSelector();
        listener = provider.openServerSocketChannel(StandardProtocolFamily.INET);
        listener.configureBlocking(false);
        listener.bind(address);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    void runOnce() throws IOException {
        selector.select(this::onReady, 10);
    }

    /** Everything it has done so far. */
    List<String> trace() {
        return trace;
    }

    private void onReady(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                echo(key, (SocketChannel) key.channel(), (Echo) key.attachment());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() throws IOException {
        SocketChannel channel;
        try {
            channel = listener.accept();
        } catch (IOException e) {
            trace.add("no descriptor");
            return;
        }
        if (channel != null) {
            trace.add("accepted " + channel.getRemoteAddress());
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new Echo());
        }
    }

    private void echo(SelectionKey key, SocketChannel channel, Echo echo) throws IOException {
        int read = echo.ended ? 0 : channel.read(echo.pending);
        echo.ended |= read < 0;
        echo.pending.flip();
        int written = channel.write(echo.pending);
        echo.pending.compact();
        trace.add(channel.getRemoteAddress() + " read " + read + ", wrote " + written);
        boolean drained = echo.pending.position() == 0;
        if (drained && echo.ended) {
            channel.close();
            return;
        }
        boolean wanted = !echo.ended && echo.pending.hasRemaining();
        key.interestOps((wanted ? SelectionKey.OP_READ : 0) | (drained ? 0 : SelectionKey.OP_WRITE));
    }

    void close() throws IOException {
        listener.close();
        selector.close();
    }
}
