package dev.sluice.examples.relay;

import dev.sluice.RouteBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a route listens: {@code port}, {@code host:port} or {@code [v6]:port}.
 *
 * @param host as written; none for every local address
 * @param port 0 to 65535
 */
record ListenAddress(Optional<String> host, int port) {
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+-]*):(.*)", Pattern.DOTALL);
    /** What an IPv6 address without its brackets begins with. */
    private static final Pattern V6_GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");

    /**
     * Refuses what begins like a transport that there is not. {@code sctp:8080} could be a host, too, so it is one if
     * this host has that name.
     */
    static void refuseScheme(String text) {
        Matcher scheme = SCHEME.matcher(text);
        if (!scheme.matches()) {
            return;
        }
        String word = scheme.group(1);
        String rest = scheme.group(2);
        boolean more = rest.startsWith("//")
                || rest.contains(":") && !V6_GROUP.matcher(word).matches();
        if (more || rest.matches("\\d+") && !isThisHost(word)) {
            throw new IllegalArgumentException(
                    "\"" + word + ":\" is no transport, nor a name of this host; write tcp: or udp:");
        }
    }

    private static boolean isThisHost(String name) {
        try {
            for (InetAddress each : InetAddress.getAllByName(name)) {
                if (each.isLoopbackAddress() || NetworkInterface.getByInetAddress(each) != null) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return new ListenAddress(Optional.empty(), port(text, text));
        }
        String host = text.substring(0, colon);
        if (host.isEmpty() || host.equals("*")) {
            throw new IllegalArgumentException(
                    "no host before the colon in \"" + text + "\"; write the port alone to listen on every address");
        }
        if (host.indexOf(':') >= 0 && !(host.startsWith("[") && host.endsWith("]"))) {
            throw new IllegalArgumentException("listen address \"" + text
                    + "\" has more than one colon; write port, host:port, or with an IPv6 address [address]:port");
        }
        return new ListenAddress(Optional.of(host), port(text.substring(colon + 1), text));
    }

    private static int port(String digits, String text) {
        if (!digits.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("listen address \"" + text + "\" has no port; write port or host:port");
        }
        int port = Integer.parseInt(digits);
        if (port > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "listen port " + port + " is out of range; use 1 to " + HIGHEST_PORT + ", or 0 for any free port");
        }
        return port;
    }

    void addTo(RouteBuilder<?, ?> route) {
        host.ifPresentOrElse(name -> route.listen(name, port), () -> route.listen(port));
    }
}
