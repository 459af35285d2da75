package dev.sluice.benchmarks.relay;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Transport;
import dev.sluice.nio.socket.AddressText;
import java.net.InetSocketAddress;
import java.util.List;

/** Sluice with one worker, and everything else at its defaults. */
public final class SluiceRelay {
    private SluiceRelay() {}

    /** Arguments as {@link RelayProgram} takes them. */
    public static void main(String[] arguments) {
        RelayProgram.run(List.of(arguments), SluiceRelay::start);
    }

    private static int start(Transport transport, InetSocketAddress upstream) {
        String target = AddressText.of(upstream);
        Route route = switch (transport) {
            case TCP -> Route.tcp("relay").listen("127.0.0.1", 0).to(target);
            case UDP -> Route.udp("relay").listen("127.0.0.1", 0).to(target);
        };
        // Lives as long as the process.
        ProxyServer proxy = ProxyServer.builder().workers(1).start(route);
        return proxy.route("relay").port();
    }
}
