package dev.sluice.examples.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.Cidr;
import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.SourceAddress;
import dev.sluice.TcpRoute;
import dev.sluice.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A connection through a proxy of its own to an upstream, as some client's: a PROXY header tells the proxy of that.
 *
 * @param source whose address the upstream is to see
 * @param client who it is said to be
 * @param upstream where it goes
 */
record TrialConnection(SourceAddress source, InetSocketAddress client, InetSocketAddress upstream) {
    private static final String WHAT = "trial connection";
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    Finding make() throws IOException {
        CompletableFuture<CloseReason> outcome = new CompletableFuture<>();
        ProxyListener listener = new ProxyListener() {
            @Override
            public void flowOpened(FlowInfo flow, Upstream reached) {
                outcome.complete(CloseReason.DONE);
            }

            @Override
            public void flowEnded(FlowEnd end) {
                outcome.complete(end.reason());
            }
        };
        try (ProxyServer proxy =
                        ProxyServer.builder().workers(1).listener(listener).start(route());
                Socket socket = new Socket(
                        "127.0.0.1", proxy.route(WHAT.replace(' ', '-')).port())) {
            socket.getOutputStream().write(header().getBytes(US_ASCII));
            return finding(outcome.join());
        } catch (UncheckedIOException cannotStart) {
            return Finding.bad(WHAT, cannotStart.getMessage(), "");
        }
    }

    private TcpRoute route() {
        return Route.tcp(WHAT.replace(' ', '-'))
                .listen("127.0.0.1", 0)
                .expectProxyProtocol(Cidr.of("127.0.0.1"))
                .source(source)
                .connectTimeout(PATIENCE)
                .connectAttempts(1, PATIENCE)
                .to(hostPort(upstream));
    }

    private String header() {
        String family = client.getAddress() instanceof Inet6Address ? "TCP6" : "TCP4";
        return "PROXY " + family + " " + client.getAddress().getHostAddress() + " "
                + upstream.getAddress().getHostAddress() + " " + client.getPort() + " " + upstream.getPort() + "\r\n";
    }

    private static String hostPort(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private Finding finding(CloseReason reason) {
        String place = hostPort(upstream);
        String seen = source.address() == null
                ? client.getAddress().getHostAddress()
                : source.address().getHostAddress();
        return switch (reason) {
            case DONE -> Finding.good(WHAT, place + " has answered " + seen);
            case CONNECT_REFUSED ->
                Finding.bad(WHAT, place + " refused, so its answers come back", "start what is to listen there");
            case NO_RETURN_ROUTE, CONNECT_TIMEOUT -> silence(place, seen);
            default -> Finding.bad(WHAT, place + " was not reached: " + reason, "");
        };
    }

    private Finding silence(String place, String seen) {
        String found = place + " did not answer " + seen + " within " + PATIENCE.toSeconds() + " s";
        return answersThisHost()
                ? Finding.bad(
                        WHAT,
                        found,
                        "on the upstream's host: ip route add " + seen + " via THIS_HOST (or its default"
                                + " route), and let no packet filter on the way drop the answers")
                : Finding.bad(WHAT, found + ", nor this host as itself", "see that it is up and can be reached");
    }

    private boolean answersThisHost() {
        try (Socket socket = new Socket()) {
            socket.connect(upstream, (int) PATIENCE.toMillis());
            return true;
        } catch (ConnectException refusedAtLeast) {
            return true;
        } catch (IOException silent) {
            return false;
        }
    }
}
