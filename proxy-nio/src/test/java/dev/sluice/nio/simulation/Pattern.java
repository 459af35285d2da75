package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;

/**
 * A stream that says whose it is: four bytes of a number, then bytes that follow from the number and their place, so
 * that whoever receives it notices what is lost, doubled, moved or another's.
 */
final class Pattern {
    private static final int HEADER = Integer.BYTES;

    private Pattern() {}

    static byte[] bytes(int number, long from, int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = at(number, from + i);
        }
        return bytes;
    }

    private static byte at(int number, long place) {
        return place < HEADER
                ? (byte) (number >>> (Byte.SIZE * (HEADER - 1 - (int) place)))
                : (byte) (number * 31 + place * 7 + (place >>> 8));
    }

    /** Reads a stream piece by piece and checks each. */
    static final class Reader {
        private final ByteBuffer header = ByteBuffer.allocate(HEADER);
        private long read;
        private boolean isLossy;

        /** Parts of the stream may be missing: it is only counted from here on. */
        void lossy() {
            isLossy = true;
        }

        void accept(byte[] piece, String what) {
            for (byte each : piece) {
                if (isLossy) {
                    read++;
                    continue;
                }
                if (header.hasRemaining()) {
                    header.put(each);
                } else {
                    assertThat(each)
                            .as("%s, stream %d, byte %d", what, number(), read)
                            .isEqualTo(at(number(), read));
                }
                read++;
            }
        }

        long read() {
            return read;
        }

        boolean knowsWhose() {
            return !header.hasRemaining();
        }

        int number() {
            return header.getInt(0);
        }
    }
}
