package dev.sluice.benchmarks.upstream;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Accepts on one port, and serves each connection in the one way. */
final class StreamService implements Handler {
    private final Service service;
    private final ByteBuffer buffer;

    StreamService(Service service, ByteBuffer buffer) {
        this.service = service;
        this.buffer = buffer;
    }

    @Override
    public void onReady(SelectionKey key) throws IOException {
        SocketChannel client;
        while ((client = ((ServerSocketChannel) key.channel()).accept()) != null) {
            client.configureBlocking(false);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            register(key.selector(), client);
        }
    }

    private void register(Selector selector, SocketChannel client) throws IOException {
        int interest = service == Service.SOURCE ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        client.register(selector, interest, (Handler) this::serve);
    }

    private void serve(SelectionKey key) throws IOException {
        SocketChannel client = (SocketChannel) key.channel();
        try {
            serve(client);
        } catch (IOException gone) {
            client.close();
        }
    }

    private void serve(SocketChannel client) throws IOException {
        buffer.clear();
        if (service == Service.SOURCE) {
            client.write(buffer);
        } else if (client.read(buffer) < 0) {
            client.close();
        } else if (service != Service.SINK) {
            echo(client);
        }
    }

    /** Whoever waits for an answer has room for it. */
    private void echo(SocketChannel client) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
        if (service == Service.ECHO_ONCE) {
            client.close();
        }
    }
}
