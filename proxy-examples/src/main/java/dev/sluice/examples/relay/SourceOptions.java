package dev.sluice.examples.relay;

import dev.sluice.PortTaken;
import dev.sluice.RouteBuilder;
import dev.sluice.SourceAddress;
import dev.sluice.Transport;

/** The options of whose address upstreams see, and of flows that are meant for others. */
final class SourceOptions {
    /** In place of upstreams. */
    static final String ORIGINAL = "original";

    private SourceOptions() {}

    static SourceAddress source(String text) {
        return switch (text) {
            case "proxy" -> SourceAddress.proxy();
            case "client" -> SourceAddress.client();
            case "client-port" -> SourceAddress.clientWithPort(PortTaken.ANOTHER);
            default -> fixed(text);
        };
    }

    private static SourceAddress fixed(String text) {
        try {
            return SourceAddress.fixed(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is neither proxy, client, client-port nor an address of this host", e);
        }
    }

    static void apply(RouteOptions options, RouteBuilder<?, ?> builder) {
        builder.source(options.source());
        if (options.flag("intercept", false)) {
            builder.intercept();
        }
    }

    /** @param route in whose name it complains */
    static void requireForOriginal(RouteOptions options, Transport transport, String route) {
        String subject = "route \"" + route + "\": upstream " + ORIGINAL + " ";
        if (transport == Transport.UDP) {
            throw new IllegalArgumentException(subject + "is for TCP routes; name upstreams");
        }
        if (!options.flag("intercept", false)) {
            throw new IllegalArgumentException(subject + "needs option intercept=true");
        }
        if (options.has("proxyIn")) {
            throw new IllegalArgumentException(
                    subject + "and option proxyIn together would dial whatever a header says; leave one out");
        }
    }
}
