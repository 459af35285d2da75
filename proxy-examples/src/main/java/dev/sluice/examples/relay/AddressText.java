package dev.sluice.examples.relay;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses as people write them: {@code 127.0.0.1:7005}, {@code [::1]:7005}. */
final class AddressText {
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?=:|$)");

    private AddressText() {}

    static String of(InetSocketAddress address) {
        return of(address.getAddress(), address.getPort());
    }

    static String of(InetAddress address, int port) {
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + shortened(host) + "]" : host) + ":" + port;
    }

    /** Java spells all eight groups out; the longest run of zeros, the first of equals, becomes {@code ::}. */
    private static String shortened(String v6) {
        int percent = v6.indexOf('%');
        String groups = percent < 0 ? v6 : v6.substring(0, percent);
        Matcher run = ZEROS.matcher(groups);
        int start = 0;
        int end = 0;
        while (run.find()) {
            if (run.end() - run.start() > end - start + (start == 0 && end > 0 ? 1 : 0)) {
                start = run.start();
                end = run.end();
            }
        }
        String rest = percent < 0 ? "" : v6.substring(percent);
        if (end == 0) {
            return groups + rest;
        }
        String tail = groups.substring(end);
        return groups.substring(0, start) + (tail.isEmpty() ? "::" : ":" + tail) + rest;
    }
}
