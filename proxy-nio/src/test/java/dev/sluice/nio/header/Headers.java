package dev.sluice.nio.header;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Headers as the wire has them, for tests to spoil. */
final class Headers {
    static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private Headers() {}

    static ByteBuffer text(String line) {
        return ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Version 2 from hexadecimal digits, which spaces may separate, after the signature. */
    static ByteBuffer binary(String digits) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(SIGNATURE + digits.replace(" ", "")));
    }
}
