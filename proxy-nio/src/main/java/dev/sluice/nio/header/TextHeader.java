package dev.sluice.nio.header;

import dev.sluice.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Version 1: a line such as {@code PROXY TCP4 192.0.2.1 198.51.100.2 35646 443}.
 *
 * <p>Thread: any.
 */
final class TextHeader {
    static final String PREFIX = "PROXY ";
    /** With its line end: what the longest addresses and ports make. */
    private static final int LONGEST = 107;

    private static final int HIGHEST_PORT = 65_535;
    private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    /** With a colon in it the JDK takes it for a literal, or for nothing. */
    private static final Pattern PERHAPS_IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");

    private TextHeader() {}

    static ProxyHeader read(ByteBuffer bytes, Transport transport) throws ProtocolException {
        if (!HeaderReader.beginWith(PREFIX, bytes)) {
            throw new ProtocolException("it begins as neither version does");
        }
        if (transport != Transport.TCP) {
            throw new ProtocolException("version 1 is for TCP alone");
        }
        int end = endOfLine(bytes);
        if (end < 0) {
            return null;
        }
        ProxyHeader header = parse(text(bytes, end));
        bytes.position(end + 2);
        return header;
    }

    /** Where the line ends, or -1 if it may still go on. */
    private static int endOfLine(ByteBuffer bytes) throws ProtocolException {
        int start = bytes.position();
        int length = Math.min(LONGEST, bytes.remaining());
        for (int i = 0; i < length; i++) {
            if (bytes.get(start + i) == '\n') {
                if (bytes.get(start + i - 1) != '\r') {
                    throw new ProtocolException("its line does not end with CR and LF");
                }
                return start + i - 1;
            }
        }
        if (length == LONGEST) {
            throw new ProtocolException("its line has more than " + LONGEST + " bytes");
        }
        return -1;
    }

    private static String text(ByteBuffer bytes, int end) {
        byte[] line = new byte[end - bytes.position()];
        bytes.get(bytes.position(), line);
        return new String(line, StandardCharsets.ISO_8859_1);
    }

    private static ProxyHeader parse(String line) throws ProtocolException {
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return ProxyHeader.ofNobody();
        }
        boolean isIpv4 = words[1].equals("TCP4");
        if (!isIpv4 && !words[1].equals("TCP6")) {
            throw new ProtocolException("its protocol is none of TCP4, TCP6 and UNKNOWN");
        }
        if (words.length != 6) {
            throw new ProtocolException("it has " + words.length + " words in place of 6");
        }
        return new ProxyHeader(
                new InetSocketAddress(address(words[2], isIpv4), port(words[4])),
                new InetSocketAddress(address(words[3], isIpv4), port(words[5])),
                List.of());
    }

    private static InetAddress address(String text, boolean isIpv4) throws ProtocolException {
        try {
            if ((isIpv4 ? IPV4 : PERHAPS_IPV6).matcher(text).matches()) {
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            // What it is not is said below.
        }
        throw new ProtocolException("an address of it is no " + (isIpv4 ? "IPv4" : "IPv6") + " address");
    }

    private static int port(String text) throws ProtocolException {
        if (PORT.matcher(text).matches()) {
            int port = Integer.parseInt(text);
            if (port <= HIGHEST_PORT) {
                return port;
            }
        }
        throw new ProtocolException("a port of it is no number from 0 to " + HIGHEST_PORT);
    }

    static byte[] write(InetSocketAddress source, InetSocketAddress destination) {
        boolean isIpv4 = Addresses.areIpv4(source, destination);
        String line = PREFIX + (isIpv4 ? "TCP4 " : "TCP6 ")
                + Addresses.text(source, isIpv4) + ' '
                + Addresses.text(destination, isIpv4) + ' '
                + source.getPort() + ' '
                + destination.getPort() + "\r\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }
}
