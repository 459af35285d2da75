package dev.sluice.examples.relay;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes as they are written on the command line: UTF-8, with {@code \r \n \t \\} and {@code \xHH}. */
final class EscapedText {
    private EscapedText() {}

    static byte[] parse(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int escape = text.indexOf('\\', at);
            int end = escape < 0 ? text.length() : escape;
            bytes.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
            at = escape < 0 ? end : escape + length(text, escape);
            if (escape >= 0) {
                bytes.write(escaped(text, escape));
            }
        }
        return bytes.toByteArray();
    }

    private static int length(String text, int escape) {
        return text.startsWith("\\x", escape) ? 4 : 2;
    }

    private static int escaped(String text, int escape) {
        String rest = text.substring(escape + 1);
        if (rest.matches("(?s)x\\p{XDigit}{2}.*")) {
            return Integer.parseInt(rest, 1, 3, 16);
        }
        int which = "rnt\\".indexOf(rest.isEmpty() ? '?' : rest.charAt(0));
        if (which < 0) {
            throw new IllegalArgumentException("\"" + text
                    + "\" has a backslash too many; write \\r, \\n, \\t, \\\\ or \\xHH, such as \\x26 for &");
        }
        return "\r\n\t\\".charAt(which);
    }
}
