package dev.sluice.examples.relay;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * How much a terminal shows.
 *
 * @param columns 1 or more
 * @param lines 1 or more
 */
record TerminalSize(int columns, int lines) {
    /** Where nothing better is known. */
    private static final int USUAL_COLUMNS = 80;

    private static final int USUAL_LINES = 24;

    /** That of the process's own terminal as it is now: Java does not tell, but there is a program that does. */
    static TerminalSize ask() {
        ProcessBuilder stty = new ProcessBuilder("stty", "size")
                .redirectInput(new File("/dev/tty"))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        try (InputStream answer = stty.start().getInputStream()) {
            return parse(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return parse("");
        }
    }

    /** Reads {@code lines columns}; a terminal that was never told its size says zeros. */
    static TerminalSize parse(String text) {
        String[] numbers = text.strip().split(" ");
        if (numbers.length == 2 && numbers[0].matches("[1-9]\\d{0,4}") && numbers[1].matches("[1-9]\\d{0,4}")) {
            return new TerminalSize(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[0]));
        }
        return new TerminalSize(USUAL_COLUMNS, USUAL_LINES);
    }
}
