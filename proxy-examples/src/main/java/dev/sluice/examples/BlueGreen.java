package dev.sluice.examples;

import dev.sluice.Leaving;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;

/**
 * Moves clients from one version of a service to the other, and back, at each Enter:
 * {@code BlueGreen 8080 10.0.0.5:80 10.0.0.6:80}.
 */
public final class BlueGreen {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private BlueGreen() {}

    public static void main(String[] args) throws IOException {
        Upstream blue = Upstream.of(args[1]);
        Upstream green = Upstream.of(args[2]);
        BufferedReader keys = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try (ProxyServer proxy = ProxyServer.start(
                Route.tcp("web").listen(Integer.parseInt(args[0])).to(blue))) {
            Upstream next = green;
            while (keys.readLine() != null) {
                move(proxy, next);
                System.out.println("new connections go to " + next);
                next = next == green ? blue : green;
            }
        }
    }

    /** New connections go there when it returns; those that live on elsewhere have some time to end by themselves. */
    static void move(ProxyServer proxy, Upstream there) {
        proxy.upstreams("web").update(List.of(there), Leaving.drain(PATIENCE));
    }
}
