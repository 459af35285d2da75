package dev.sluice.examples.relay;

import dev.sluice.RouteBuilder;
import java.util.Optional;

/**
 * Where a route listens: {@code port}, {@code host:port} or {@code [v6]:port}.
 *
 * @param host as written; none for every local address
 * @param port 0 to 65535
 */
record ListenAddress(Optional<String> host, int port) {
    private static final int HIGHEST_PORT = 65535;

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
