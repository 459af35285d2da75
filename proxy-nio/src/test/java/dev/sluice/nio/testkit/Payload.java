package dev.sluice.nio.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
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

    /** Writes so many bytes, the same for the same seed. */
    public static Payload send(OutputStream to, long bytes, long seed) throws IOException {
        byte[] block = new byte[BLOCK];
        new Random(seed).nextBytes(block);
        CRC32C checksum = new CRC32C();
        for (long left = bytes; left > 0; ) {
            int count = (int) Math.min(left, BLOCK);
            to.write(block, 0, count);
            checksum.update(block, 0, count);
            left -= count;
        }
        return new Payload(bytes, checksum.getValue());
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
}
