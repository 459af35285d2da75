package dev.sluice;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A host, as text, and a port. Made without ever looking a name up.
 *
 * @param host a literal address without brackets, or a name
 * @param port 1 to 65535
 * @param address the two together; unresolved if the host is a name
 */
record HostPort(String host, int port, InetSocketAddress address) {
    private static final int HIGHEST_PORT = 65535;
    private static final String LIMITED_BROADCAST = "255.255.255.255";
    private static final int LONGEST_EXAMPLE = 60;

    /** Reads {@code host:port}; {@code where} begins the message of what is thrown. */
    static HostPort parse(String text, String where) {
        String subject = where + "upstream " + Quoted.of(text);
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            throw new IllegalArgumentException(subject + " is a URL; a plain host:port is wanted, for example "
                    + example(text.substring(scheme + 3).split("[:/?#]", 2)[0]));
        }
        if (text.indexOf(',') >= 0) {
            throw new IllegalArgumentException(subject + " has a comma in it; give each upstream as an argument of its"
                    + " own, for example \"10.0.0.5:80\", \"10.0.0.6:80\"");
        }
        int colon = text.startsWith("[") ? colonAfterBrackets(text, subject) : onlyColon(text, subject);
        int port = port(text.substring(colon + 1), subject);
        String host = Literal.withoutBrackets(text.substring(0, colon), subject);
        InetAddress literal = Literal.read(host, subject);
        refuseManyHosts(literal, subject);
        InetSocketAddress address =
                literal == null ? InetSocketAddress.createUnresolved(host, port) : new InetSocketAddress(literal, port);
        return new HostPort(host, port, address);
    }

    /** Sent to one of these, a flow would come out on the proxy's own host, on many hosts, or nowhere. */
    private static void refuseManyHosts(@Nullable InetAddress literal, String subject) {
        if (literal == null) {
            return;
        }
        boolean wildcard = literal.isAnyLocalAddress();
        if (wildcard || literal.isMulticastAddress() || literal.getHostAddress().equals(LIMITED_BROADCAST)) {
            String kind = wildcard
                    ? "the wildcard address"
                    : literal.isMulticastAddress() ? "a multicast address" : "the broadcast address";
            throw new IllegalArgumentException(
                    subject + " is " + kind + ", not that of one host; name the host behind the proxy");
        }
    }

    private static int onlyColon(String text, String subject) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(subject + " has no port; write host:port, for example " + example(text));
        }
        if (colon != text.lastIndexOf(':')) {
            throw new IllegalArgumentException(subject + " has more than one colon; write host:port, or with an IPv6"
                    + " address [address]:port, for example [::1]:80");
        }
        return colon;
    }

    private static int colonAfterBrackets(String text, String subject) {
        int colon = text.lastIndexOf("]") + 1;
        if (colon == 0) {
            throw new IllegalArgumentException(
                    subject + " has no closing bracket; write [address]:port, for example [::1]:80");
        }
        if (colon == text.length() || text.charAt(colon) != ':') {
            throw new IllegalArgumentException(subject + " has no port; write [address]:port, for example [::1]:80");
        }
        return colon;
    }

    private static int port(String digits, String subject) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    subject + " has port " + Quoted.of(digits) + ", which is no number; use 1 to " + HIGHEST_PORT);
        }
        // nine digits always fit into an int
        int port = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        if (port < 1 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    subject + " has port " + Quoted.of(digits) + ", which is out of range; use 1 to " + HIGHEST_PORT);
        }
        return port;
    }

    private static String example(String host) {
        boolean plain = !host.isEmpty()
                && host.length() <= LONGEST_EXAMPLE
                && host.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '.' || c == '-');
        return (plain ? host : "10.0.0.5") + ":80";
    }

    /** An address as {@link #parse} would read it, with zeros left out of an IPv6 one: the wildcard is {@code [::]}. */
    static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress().replaceFirst("(^|:)(0(:|$)){2,}", "::");
        return text(host, address.getPort());
    }

    private static String text(String host, int port) {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    @Override
    public String toString() {
        return text(host, port);
    }
}
