package dev.sluice.examples.relay;

import dev.sluice.ProxyProtocol;
import dev.sluice.RouteBuilder;
import dev.sluice.TcpRoute;
import dev.sluice.UdpRoute;

/** The options of PROXY headers: from whom one is expected, and what upstreams are sent. */
final class HeaderOptions {
    private static final String EACH = "v2";
    private static final String FIRST = "v2-first";

    private HeaderOptions() {}

    static ProxyProtocol version(String text) {
        return switch (text) {
            case "v1" -> ProxyProtocol.V1;
            case "v2" -> ProxyProtocol.V2;
            default -> throw new IllegalArgumentException("\"" + text + "\" is neither v1 nor v2");
        };
    }

    /** Whether each datagram has the header, rather than a session's first alone. */
    static boolean isInEach(String text) {
        if (!text.equals(EACH) && !text.equals(FIRST)) {
            throw new IllegalArgumentException("\"" + text + "\" is neither " + EACH + " nor " + FIRST);
        }
        return text.equals(EACH);
    }

    /** @param route in whose name it complains */
    static void expect(RouteOptions options, RouteBuilder<?, ?> builder, String route) {
        if (options.has("proxyIn")) {
            builder.expectProxyProtocol(options.blocks("proxyIn"));
        } else if (options.has("preface")) {
            throw new IllegalArgumentException("route \"" + route
                    + "\": option preface is the time for the header that proxyIn expects; give that too");
        }
    }

    static TcpRoute.Builder send(RouteOptions options, TcpRoute.Builder builder) {
        return options.has("proxyOut") ? builder.sendProxyProtocol(options.version("proxyOut")) : builder;
    }

    static UdpRoute.Builder send(RouteOptions options, UdpRoute.Builder builder) {
        return options.has("proxyOut") ? builder.sendProxyProtocol(options.flag("proxyOut", true)) : builder;
    }
}
