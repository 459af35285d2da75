package dev.sluice.nio.socket;

import java.net.InetSocketAddress;

/**
 * Addresses as people write them: {@code 127.0.0.1:80}, {@code localhost:80}, {@code [::1]:80}, and {@code [::]:80} for
 * the wildcard.
 *
 * <p>Thread: any.
 */
public final class AddressText {
    private AddressText() {}

    public static String of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return address.getHostString() + ":" + address.getPort();
        }
        String host = address.getAddress().getHostAddress();
        boolean six = host.indexOf(':') >= 0;
        return (six ? "[" + host.replaceFirst("(^|:)(0(:|$)){2,}", "::") + "]" : host) + ":" + address.getPort();
    }
}
