package dev.sluice.nio.upstream;

import java.nio.ByteBuffer;

/**
 * Looks for some bytes in an answer that comes in pieces, and keeps none of it: the algorithm of Knuth, Morris and
 * Pratt.
 *
 * <p>Thread: worker.
 */
final class Search {
    private final byte[] wanted;
    /** For each number of bytes found, how many of them could be the beginning of another find. */
    private final int[] shorter;

    private int found;

    Search(byte[] wanted) {
        this.wanted = wanted;
        this.shorter = new int[wanted.length + 1];
        for (int length = 1, same = 0; length < wanted.length; length++) {
            while (same > 0 && wanted[length] != wanted[same]) {
                same = shorter[same];
            }
            if (wanted[length] == wanted[same]) {
                same++;
            }
            shorter[length + 1] = same;
        }
    }

    /** Begins with another answer. */
    void restart() {
        found = 0;
    }

    /** Takes the next piece; returns whether all that is wanted has been found. */
    boolean findIn(ByteBuffer piece) {
        while (found < wanted.length && piece.hasRemaining()) {
            byte next = piece.get();
            while (found > 0 && wanted[found] != next) {
                found = shorter[found];
            }
            if (wanted[found] == next) {
                found++;
            }
        }
        return found == wanted.length;
    }
}
