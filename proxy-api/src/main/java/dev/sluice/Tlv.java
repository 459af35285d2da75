package dev.sluice;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A type, a length and a value: one of the additions to a {@linkplain ProxyProtocol#V2 PROXY header}. Immutable.
 */
public final class Tlv {
    /** The protocol that the connection is for, as in ALPN: {@code h2}, say. */
    public static final int ALPN = 0x01;
    /** The name of the host that the client asked for, as in TLS's server name. */
    public static final int AUTHORITY = 0x02;
    /** A checksum of the whole header. */
    public static final int CRC32C = 0x03;
    /** Padding; it means nothing, and is not shown. */
    public static final int NOOP = 0x04;
    /** What identifies the connection, in up to 128 bytes by the specification. */
    public static final int UNIQUE_ID = 0x05;
    /** What is known of the client's TLS, with values of its own within. */
    public static final int SSL = 0x20;
    /** The name of the network namespace. */
    public static final int NETNS = 0x30;

    private static final int HIGHEST_TYPE = 0xff;
    private static final int LONGEST = 0xffff;

    private final int type;
    private final byte[] value;

    private Tlv(int type, byte[] value) {
        this.type = type;
        this.value = value;
    }

    /**
     * {@return what has this type and value}
     *
     * @param type 0 to 255; 224 to 239 (0xE0 to 0xEF) are for one's own use
     * @param value up to 65,535 bytes, which are copied
     * @throws IllegalArgumentException if the type is out of range, the value too long, or a checksum's not of 4 bytes
     */
    public static Tlv of(int type, byte[] value) {
        Objects.requireNonNull(value, "value");
        if (type < 0 || type > HIGHEST_TYPE) {
            throw new IllegalArgumentException(
                    "TLV type " + type + " is out of range; use 0 to 255, of which 224 to 239 are for one's own use");
        }
        if (value.length > LONGEST) {
            throw new IllegalArgumentException(
                    "TLV value of " + value.length + " bytes is too long; its length must fit into two bytes");
        }
        if (type == CRC32C && value.length != Integer.BYTES) {
            throw new IllegalArgumentException("TLV value of " + value.length
                    + " bytes is no checksum, which has 4; Tlv.crc32c() has it computed for each header");
        }
        return new Tlv(type, value.clone());
    }

    /**
     * {@return what has this type, and this text as its value, in UTF-8}
     *
     * @param type as for {@link #of(int, byte[])}
     * @param text of up to 65,535 bytes
     * @throws IllegalArgumentException as there
     */
    public static Tlv of(int type, String text) {
        return of(type, Objects.requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
    }

    /** {@return the checksum, to be added to a header: its value is computed with each} */
    public static Tlv crc32c() {
        return new Tlv(CRC32C, new byte[Integer.BYTES]);
    }

    /** {@return what kind it is, 0 to 255} */
    public int type() {
        return type;
    }

    /** {@return a copy of the value} */
    public byte[] value() {
        return value.clone();
    }

    /** {@return how many bytes the value has} */
    public int length() {
        return value.length;
    }

    /** {@return the value as text, read as UTF-8, with what is none replaced} */
    public String text() {
        return new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tlv that && type == that.type && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * type + Arrays.hashCode(value);
    }

    /** {@return type and value in hexadecimal} */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return "0x" + hex.toHexDigits((byte) type) + ": " + hex.formatHex(value);
    }
}
