package dev.sluice.nio.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A TCP endpoint outside the code under test, a client or an upstream, played by the simulation. Nothing it does
 * throws or waits: it tries, and says how far it came.
 */
public final class Peer {

    private final SimulatedTcpSocket socket;
    private long sent;
    private long received;
    private boolean readEnd;
    private boolean endWritten;

    Peer(SimulatedTcpSocket socket) {
        this.socket = socket;
    }

    public InetSocketAddress localAddress() {
        return Objects.requireNonNull(socket.local());
    }

    public InetSocketAddress remoteAddress() {
        return Objects.requireNonNull(socket.remote());
    }

    /** Whether its connect came through, which needs no accept. */
    public boolean isConnected() {
        return socket.isEstablished();
    }

    /** Whether its connect failed. */
    public boolean isRefused() {
        return socket.isDialled() && !socket.isEstablished();
    }

    /** Sends what there is room for and says how much that was: 0 too before it is connected, or after its end. */
    public int write(byte[] bytes) {
        return write(ByteBuffer.wrap(bytes));
    }

    /** As {@link #write(byte[])}. */
    public int write(ByteBuffer bytes) {
        if (!canWrite()) {
            return 0;
        }
        try {
            int count = socket.write(bytes, bytes.remaining());
            sent += count;
            return count;
        } catch (IOException e) {
            return 0;
        }
    }

    private boolean canWrite() {
        return isConnected() && !endWritten && !socket.isClosed() && !socket.sawReset();
    }

    /** Up to {@code most} of the bytes that have arrived, before a reset too; empty when there are none. */
    public byte[] read(int most) {
        int count = socket.isClosed() ? 0 : Math.min(most, socket.readable());
        byte[] bytes = new byte[count];
        try {
            if (count > 0) {
                socket.read(ByteBuffer.wrap(bytes), count);
            }
            received += count;
            readEnd |= socket.readable() == 0 && socket.sawEnd();
        } catch (IOException e) {
            throw new AssertionError("bytes that have arrived can be read", e);
        }
        return bytes;
    }

    /** Everything that has arrived. */
    public byte[] readAll() {
        return read(Integer.MAX_VALUE);
    }

    /** Half-closes: what was written arrives first. */
    public void shutdownOutput() {
        endWritten |= isConnected();
        socket.shutdownOutput();
    }

    /** Closes as a program does: with bytes it has not read this is a reset. */
    public void close() {
        socket.close(false);
    }

    /** Closes with a reset, and discards what has not left. */
    public void reset() {
        socket.close(true);
    }

    public boolean isClosed() {
        return socket.isClosed();
    }

    /** Bytes that its kernel took. */
    public long sent() {
        return sent;
    }

    /** Bytes that it took but that have not reached the other kernel. */
    public int unsent() {
        return socket.unsent();
    }

    /** Bytes it has read. */
    public long received() {
        return received;
    }

    /** Bytes that have arrived and that it has not read. */
    public int readable() {
        return socket.readable();
    }

    /** Whether it has read everything and then the end of stream. */
    public boolean sawEnd() {
        return readEnd;
    }

    /** Whether a reset has arrived; bytes from before it may still be there to read. */
    public boolean sawReset() {
        return socket.sawReset();
    }

    @Override
    public String toString() {
        return "peer " + socket + ", " + sent + " sent, " + received + " received";
    }
}
