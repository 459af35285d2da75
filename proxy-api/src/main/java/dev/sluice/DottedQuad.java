package dev.sluice;

/** Reads IPv4 addresses as text: four decimal numbers and nothing else. */
final class DottedQuad {
    private DottedQuad() {}

    /** Writes the four bytes to {@code into} from {@code at} on; false if the text is no IPv4 address. */
    static boolean read(String text, byte[] into, int at) {
        int part = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (value < 0 || part == 4) {
                    return false;
                }
                into[at + part++] = (byte) value;
                value = -1;
            } else {
                // a leading zero means octal to some readers, so it is refused
                if (c < '0' || c > '9' || value == 0) {
                    return false;
                }
                value = Math.max(value, 0) * 10 + (c - '0');
                if (value > 255) {
                    return false;
                }
            }
        }
        return part == 4;
    }
}
