package dev.sluice.nio.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SearchTest {
    private static boolean finds(String wanted, String... pieces) {
        Search search = new Search(wanted.getBytes(StandardCharsets.ISO_8859_1));
        boolean found = false;
        for (String piece : pieces) {
            found = search.findIn(ByteBuffer.wrap(piece.getBytes(StandardCharsets.ISO_8859_1)));
        }
        return found;
    }

    @Test
    void whatIsWantedMayBeAnywhereAndInPieces() {
        assertThat(finds("ready", "I am ready.")).isTrue();
        assertThat(finds("ready", "I am re", "ad", "y")).isTrue();
        assertThat(finds("ready", "red", "dy", "read")).isFalse();
    }

    @Test
    void anythingWillDoWhereNothingIsWanted() {
        assertThat(finds("", "x")).isTrue();
    }

    @Test
    void aNewAnswerIsSearchedFromItsBeginning() {
        Search search = new Search("ab".getBytes(StandardCharsets.ISO_8859_1));
        search.findIn(ByteBuffer.wrap(new byte[] {'a'}));
        search.restart();
        assertThat(search.findIn(ByteBuffer.wrap(new byte[] {'b'}))).isFalse();
    }

    @Test
    void findsWhatStringsFind() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            String text = text(random, 12);
            String wanted = text(random, 4);
            int cut = random.nextInt(text.length() + 1);
            assertThat(finds(wanted, text.substring(0, cut), text.substring(cut)))
                    .as("seed %d: \"%s\" in \"%s\"", seed, wanted, text)
                    .isEqualTo(text.contains(wanted));
        }
    }

    /** Of two letters, so that beginnings come up again and again. */
    private static String text(Random random, int longest) {
        int length = 1 + random.nextInt(longest);
        return random.ints(length, 'a', 'c')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
