package dev.sluice;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Tells literal addresses from host names and reads them, without ever looking a name up. */
final class Literal {
    /** As the domain name system has it. */
    private static final int LONGEST_NAME = 253;

    private Literal() {}

    /**
     * The address that a text spells out, or null if it is a host name.
     *
     * @param host without brackets
     * @param subject begins the message of what is thrown
     * @throws IllegalArgumentException if it can be neither
     */
    static @Nullable InetAddress read(String host, String subject) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException(subject + " has no host; name one, for example localhost");
        }
        if (host.indexOf(':') >= 0) {
            return readV6(host, subject);
        }
        if (!isHostName(host)) {
            throw new IllegalArgumentException(subject + ": " + Quoted.of(host)
                    + " is not a host name; use letters, digits, hyphens and dots, or a literal address");
        }
        // no host name ends in a number, so anything that does is meant as an address
        if (!lastLabelIsNumber(host)) {
            return null;
        }
        byte[] address = new byte[4];
        if (!DottedQuad.read(host, address, 0)) {
            throw new IllegalArgumentException(subject + ": " + Quoted.of(host)
                    + " is not an IPv4 address; write four numbers from 0 to 255 without leading zeros");
        }
        return of(address);
    }

    /** The wildcard that stands for the addresses of both families; the IPv4 one stands for its own family only. */
    static InetAddress everyAddress() {
        return of(new byte[16]);
    }

    /** The host without the brackets that it may have if it is an IPv6 address. */
    static String withoutBrackets(String host, String subject) {
        if (!host.startsWith("[")) {
            return host;
        }
        String inside = host.substring(1, host.endsWith("]") ? host.length() - 1 : host.length());
        if (!host.endsWith("]") || inside.indexOf(':') < 0) {
            throw new IllegalArgumentException(
                    subject + ": brackets go around an IPv6 address and nothing else, for example [::1]");
        }
        return inside;
    }

    private static InetAddress readV6(String host, String subject) {
        int percent = host.indexOf('%');
        byte[] address = ColonHex.read(percent < 0 ? host : host.substring(0, percent));
        if (address == null) {
            throw new IllegalArgumentException(subject + ": " + Quoted.of(host)
                    + " is neither an IPv6 address, such as 2001:db8::1, nor a host name");
        }
        if (percent < 0) {
            return of(address);
        }
        try {
            return Inet6Address.getByAddress(null, address, scope(host.substring(percent + 1), subject));
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are an address", e);
        }
    }

    private static int scope(String zone, String subject) {
        if (!zone.isEmpty() && zone.length() < 10 && zone.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Integer.parseInt(zone);
        }
        try {
            NetworkInterface named = zone.isEmpty() ? null : NetworkInterface.getByName(zone);
            if (named != null) {
                return named.getIndex();
            }
        } catch (SocketException e) {
            throw new IllegalArgumentException(subject + ": network interfaces cannot be listed: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                subject + ": no network interface is called " + Quoted.of(zone) + "; name one after the % sign");
    }

    static InetAddress of(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    private static boolean isHostName(String host) {
        return host.length() <= LONGEST_NAME
                && !host.startsWith(".")
                && !host.contains("..")
                && host.chars().allMatch(c -> c == '.' || c == '-' || c == '_' || Character.isLetterOrDigit(c));
    }

    private static boolean lastLabelIsNumber(String host) {
        String trimmed = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String label = trimmed.substring(trimmed.lastIndexOf('.') + 1);
        return !label.isEmpty() && label.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
