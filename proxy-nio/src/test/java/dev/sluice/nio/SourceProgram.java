package dev.sluice.nio;

import dev.sluice.Cidr;
import dev.sluice.FlowEnd;
import dev.sluice.PortTaken;
import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RouteBuilder;
import dev.sluice.SourceAddress;
import dev.sluice.UpstreamChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A proxy in a process on a host of its own. It says when it is up, how each flow ended, and, asked by a line, what it
 * has counted.
 */
final class SourceProgram {
    private SourceProgram() {}

    /**
     * Arguments: the source, then routes, each a transport, a host, a port and upstreams, with commas between. A
     * transport with a plus after it intercepts, and one with a star expects headers from clients; "original" is where
     * a connection was meant to go.
     */
    public static void main(String[] arguments) throws Exception {
        Route[] routes = Arrays.stream(arguments)
                .skip(1)
                .map(route -> route(route.split(","), source(arguments[0])))
                .toArray(Route[]::new);
        ProxyListener printer = new ProxyListener() {
            @Override
            public void flowEnded(FlowEnd end) {
                System.out.println(end.info().route() + " " + end.reason() + " " + end.upstream() + " for "
                        + end.info().local());
            }

            @Override
            public void upstreamChanged(UpstreamChange change) {
                System.out.println(change);
            }
        };
        try (ProxyServer proxy = ProxyServer.builder()
                .workers(2)
                .listener(printer)
                .resolver(SourceProgram::resolve)
                .start(routes)) {
            System.out.println("up");
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (lines.readLine() != null) {
                proxy.routes().forEach(route -> System.out.println(route.name() + ": " + route.metrics()));
                System.out.println("counted");
            }
        }
    }

    /** Names of upstreams: "both" is at an address of each family, each other name at one of IPv6. */
    private static List<InetAddress> resolve(String name) throws IOException {
        InetAddress ipv6 = InetAddress.getByName("fd00:2::2");
        return name.equals("both") ? List.of(InetAddress.getByName("10.2.0.2"), ipv6) : List.of(ipv6);
    }

    private static SourceAddress source(String text) {
        return switch (text) {
            case "proxy" -> SourceAddress.proxy();
            case "client" -> SourceAddress.client();
            case "client-port" -> SourceAddress.clientWithPort(PortTaken.ANOTHER);
            case "client-port-or-none" -> SourceAddress.clientWithPort(PortTaken.REFUSE);
            default -> SourceAddress.fixed(text);
        };
    }

    private static Route route(String[] words, SourceAddress source) {
        if (words[0].startsWith("UDP")) {
            return finish(Route.udp("udp-" + words[2]), words, source);
        }
        return finish(
                Route.tcp("tcp-" + words[2])
                        .connectTimeout(Duration.ofMillis(300))
                        .connectAttempts(2, Duration.ofSeconds(2)),
                words,
                source);
    }

    private static <B extends RouteBuilder<B, R>, R extends Route> R finish(
            B builder, String[] words, SourceAddress source) {
        builder.listen(words[1], Integer.parseInt(words[2])).source(source);
        if (words[0].endsWith("+")) {
            builder.intercept();
        }
        if (words[0].endsWith("*")) {
            builder.expectProxyProtocol(Cidr.of("10.1.0.0/24"));
        }
        return words[3].equals("original")
                ? builder.toOriginalDestination()
                : builder.to(words[3], Arrays.copyOfRange(words, 4, words.length));
    }
}
