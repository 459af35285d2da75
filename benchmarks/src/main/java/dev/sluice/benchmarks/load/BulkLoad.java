package dev.sluice.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
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

    private final Clients clients = new Clients();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final boolean up;
    private long bytes;

    public BulkLoad(Target target, int connections, Direction direction) throws IOException {
        up = direction == Direction.UP;
        int interest = up ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        clients.connect(target, connections, interest, channel -> this::transfer);
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        bytes = 0;
        long begun = System.nanoTime();
        long now = begun;
        while (now - begun < time.toNanos()) {
            clients.select(true);
            now = System.nanoTime();
        }
        return Outcome.unanswered(bytes, now - begun, 0);
    }

    private void transfer(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        buffer.clear();
        int count = up ? channel.write(buffer) : channel.read(buffer);
        if (count < 0) {
            throw new EOFException("a connection ended");
        }
        bytes += count;
    }

    @Override
    public void close() throws IOException {
        clients.close();
    }
}
