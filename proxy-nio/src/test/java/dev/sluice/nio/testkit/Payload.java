package dev.sluice.nio.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * Many bytes without meaning, told apart by their number and checksum. Nothing lost, doubled or in another order keeps
 * both.
 *
 * @param bytes how many
 * @param checksum of all of them in order
 */
public record Payload(long bytes, long checksum) {
    /** Prime, so that its repetitions never fall in step with anybody's buffer. */
    private static final int BLOCK = 65_521;

    /** What the first bytes that are sent for a seed look like. */
    public static Payload of(long bytes, long seed) {
        try {
            return send(OutputStream.nullOutputStream(), bytes, seed);
        } catch (IOException e) {
            throw new AssertionError("nothing that could fail", e);
        }
    }

    /** Writes so many bytes, the same for the same seed. */
    public static Payload send(OutputStream to, long bytes, long seed) throws IOException {
        byte[] block = block(seed);
        CRC32C checksum = new CRC32C();
        for (long left = bytes; left > 0; ) {
            int count = (int) Math.min(left, BLOCK);
            to.write(block, 0, count);
            checksum.update(block, 0, count);
            left -= count;
        }
        return new Payload(bytes, checksum.getValue());
    }

    /** Writes to a channel that does not block, until nothing has moved for a moment and the condition holds. */
    static Payload fill(SocketChannel to, long seed, BooleanSupplier full) throws IOException {
        byte[] block = block(seed);
        long bytes = 0;
        long lastMoved = System.nanoTime();
        while (System.nanoTime() - lastMoved < Await.MOMENT.toNanos() || !full.getAsBoolean()) {
            if (System.nanoTime() - lastMoved > Await.LONGEST.toNanos()) {
                throw new AssertionError("nothing moves after " + bytes + " bytes, and yet it is not full");
            }
            int start = (int) (bytes % BLOCK);
            int count = to.write(ByteBuffer.wrap(block, start, BLOCK - start));
            if (count > 0) {
                bytes += count;
                lastMoved = System.nanoTime();
            } else {
                LockSupport.parkNanos(Await.LOOK_AGAIN_NANOS);
            }
        }
        return of(bytes, seed);
    }

    /** Reads up to so many bytes, fewer only if the stream ends before. */
    public static Payload receive(InputStream from, long most) throws IOException {
        byte[] buffer = new byte[BLOCK];
        CRC32C checksum = new CRC32C();
        long left = most;
        int count;
        while (left > 0 && (count = from.read(buffer, 0, (int) Math.min(left, buffer.length))) >= 0) {
            checksum.update(buffer, 0, count);
            left -= count;
        }
        return new Payload(most - left, checksum.getValue());
    }

    /** Reads until the stream fails; its end would be an error. */
    static Payload receiveUntilReset(InputStream from) throws IOException {
        byte[] buffer = new byte[BLOCK];
        CRC32C checksum = new CRC32C();
        long bytes = 0;
        while (true) {
            int count;
            try {
                count = from.read(buffer);
            } catch (SocketException reset) {
                return new Payload(bytes, checksum.getValue());
            }
            if (count < 0) {
                throw new AssertionError("end of stream in place of a reset, after " + bytes + " bytes");
            }
            checksum.update(buffer, 0, count);
            bytes += count;
        }
    }

    private static byte[] block(long seed) {
        byte[] block = new byte[BLOCK];
        new Random(seed).nextBytes(block);
        return block;
    }
}
