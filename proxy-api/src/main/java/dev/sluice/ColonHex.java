package dev.sluice;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads IPv6 addresses as text (RFC 4291, section 2.2), without zone or brackets. */
final class ColonHex {
    private static final int BYTES = 16;

    private ColonHex() {}

    /** The sixteen bytes, or null if the text is no IPv6 address. */
    static byte @Nullable [] read(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] whole = groups(text, true);
            return whole != null && whole.length == BYTES ? whole : null;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        // the gap stands for at least one group
        if (head == null || tail == null || head.length + tail.length > BYTES - 2) {
            return null;
        }
        byte[] address = Arrays.copyOf(head, BYTES);
        System.arraycopy(tail, 0, address, BYTES - tail.length, tail.length);
        return address;
    }

    /** The bytes of groups with colons between them, none for an empty text; null if one of them is no group. */
    private static byte @Nullable [] groups(String text, boolean mayEndInDottedQuad) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] groups = text.split(":", -1);
        byte[] bytes = new byte[groups.length * 2 + 2];
        int length = 0;
        for (int i = 0; i < groups.length; i++) {
            String group = groups[i];
            boolean last = i == groups.length - 1;
            if (last && mayEndInDottedQuad && group.indexOf('.') >= 0) {
                if (!DottedQuad.read(group, bytes, length)) {
                    return null;
                }
                length += 4;
            } else if (group.isEmpty() || group.length() > 4 || !group.chars().allMatch(ColonHex::isHexDigit)) {
                return null;
            } else {
                int value = Integer.parseInt(group, 16);
                bytes[length++] = (byte) (value >> 8);
                bytes[length++] = (byte) value;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private static boolean isHexDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
}
