package dev.sluice;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Objects;

/**
 * A block of IP addresses that have their first bits in common, written as in RFC 4632 and RFC 4291, such as
 * {@code 10.0.0.0/8} or {@code 2001:db8::/32}. Immutable. Blocks are of one family: {@code 0.0.0.0/0} is every IPv4
 * address and no IPv6 one. A client that reaches an IPv6 socket over IPv4 has its IPv4 address.
 */
public final class Cidr {
    private final byte[] first;
    private final int prefix;
    private final String text;

    private Cidr(byte[] first, int prefix, String text) {
        this.first = first;
        this.prefix = prefix;
        this.text = text;
    }

    /**
     * Reads {@code "10.0.0.0/8"}, {@code "2001:db8::/32"}, or a single address such as {@code "10.0.0.5"}.
     *
     * @param text a literal address, alone or followed by a slash and how many of its first bits count: 0 to 32 for
     *     IPv4, 0 to 128 for IPv6; the bits after those must be zero
     * @return the block
     * @throws IllegalArgumentException if the text is anything else; the message says what would be right
     */
    public static Cidr of(String text) {
        String subject = "block " + Quoted.of(Objects.requireNonNull(text, "text"));
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash), subject);
        int bits = address.length * Byte.SIZE;
        int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits, subject);
        byte[] first = firstOf(address, prefix);
        String written = Literal.of(first).getHostAddress() + "/" + prefix;
        if (!Arrays.equals(first, address)) {
            throw new IllegalArgumentException(subject + " has bits beyond its first " + prefix + "; write " + written
                    + ", or " + Literal.of(address).getHostAddress() + " for that address alone");
        }
        return new Cidr(first, prefix, written);
    }

    private static byte[] address(String host, String subject) {
        InetAddress literal = host.indexOf('%') >= 0 ? null : Literal.read(host, subject);
        if (literal == null) {
            throw new IllegalArgumentException(
                    subject + " does not begin with an address; write one such as 10.0.0.0/8 or 2001:db8::/32");
        }
        return literal.getAddress();
    }

    private static int prefix(String digits, int bits, String subject) {
        boolean number =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number || Integer.parseInt(digits) > bits) {
            throw new IllegalArgumentException(subject + " has " + Quoted.of(digits)
                    + " after its slash; write how many bits count, 0 to " + bits);
        }
        return Integer.parseInt(digits);
    }

    private static byte[] firstOf(byte[] address, int prefix) {
        byte[] first = new byte[address.length];
        for (int i = 0; i < first.length; i++) {
            first[i] = (byte) (address[i] & mask(prefix - i * Byte.SIZE));
        }
        return first;
    }

    /** The bits of one byte that count, where so many from its first on do. */
    private static int mask(int count) {
        return count >= Byte.SIZE ? 0xff : count <= 0 ? 0 : 0xff << Byte.SIZE - count & 0xff;
    }

    /**
     * {@return whether the address is in this block; never where it is of the other family}
     *
     * @param address any address; the zone of an IPv6 one does not matter
     */
    public boolean contains(InetAddress address) {
        byte[] asked = address.getAddress();
        if (asked.length != first.length) {
            return false;
        }
        for (int i = 0; i * Byte.SIZE < prefix; i++) {
            if ((asked[i] & mask(prefix - i * Byte.SIZE)) != (first[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** {@return the first address, a slash, and how many bits count} */
    @Override
    public String toString() {
        return text;
    }
}
