package dev.sluice.nio.header;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The addresses of a header as its versions write them: both of one family, an IPv4 one beside an IPv6 one mapped as in
 * RFC 4291, 2.5.5.2.
 *
 * <p>Thread: any.
 */
final class Addresses {
    private static final int IPV6_LENGTH = 16;
    private static final int MAPPED_LENGTH = 12;

    private Addresses() {}

    static boolean areIpv4(InetSocketAddress source, InetSocketAddress destination) {
        return source.getAddress() instanceof Inet4Address && destination.getAddress() instanceof Inet4Address;
    }

    static byte[] bytes(InetSocketAddress address, boolean asIpv4) {
        byte[] own = address.getAddress().getAddress();
        if (asIpv4 || own.length == IPV6_LENGTH) {
            return own;
        }
        byte[] mapped = new byte[IPV6_LENGTH];
        mapped[MAPPED_LENGTH - 2] = (byte) 0xff;
        mapped[MAPPED_LENGTH - 1] = (byte) 0xff;
        System.arraycopy(own, 0, mapped, MAPPED_LENGTH, own.length);
        return mapped;
    }

    static String text(InetSocketAddress address, boolean asIpv4) {
        InetAddress host = address.getAddress();
        String text = host.getHostAddress();
        if (host instanceof Inet4Address) {
            return asIpv4 ? text : "::ffff:" + text;
        }
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
