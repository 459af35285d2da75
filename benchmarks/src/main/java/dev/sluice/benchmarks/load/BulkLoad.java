package dev.sluice.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** As many bytes as go through, one way, over a few connections. Its units are bytes. */
public final class BulkLoad implements Load {
    /** Which way the bytes go. */
    public enum Direction {
        DOWN,
        UP
    }

    private static final int BUFFER = 256 * 1024;
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final boolean up;
    private long bytes;

    public BulkLoad(Target target, int connections, Direction direction) throws IOException {
        this.up = direction == Direction.UP;
        try {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = SocketChannel.open(target.address());
                channel.configureBlocking(false);
                channel.register(selector, up ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        bytes = 0;
        long begun = System.nanoTime();
        long now = begun;
        while (now - begun < time.toNanos()) {
            selector.select(this::transfer, LOOK_AGAIN_MILLIS);
            now = System.nanoTime();
        }
        return Outcome.unanswered(bytes, now - begun, 0);
    }

    private void transfer(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        buffer.clear();
        try {
            int count = up ? channel.write(buffer) : channel.read(buffer);
            if (count < 0) {
                throw new EOFException("a connection ended");
            }
            bytes += count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
