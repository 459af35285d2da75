package dev.sluice.examples;

import dev.sluice.FlowEnd;
import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import java.util.function.Consumer;

/** Writes a line for each connection that has ended, refused ones too: {@code AccessLog 8080 10.0.0.5:80}. */
public final class AccessLog implements ProxyListener {
    private final Consumer<String> lines;

    AccessLog(Consumer<String> lines) {
        this.lines = lines;
    }

    public static void main(String[] args) throws InterruptedException {
        Route web = Route.tcp("web").listen(Integer.parseInt(args[0])).to(args[1]);
        try (ProxyServer proxy = start(web, System.out::println)) {
            proxy.awaitTermination();
        }
    }

    static ProxyServer start(Route route, Consumer<String> lines) {
        return ProxyServer.builder().listener(new AccessLog(lines)).start(route);
    }

    /** Runs on a thread of its own: a slow log costs events, which are counted, and never holds up a flow. */
    @Override
    public void flowEnded(FlowEnd end) {
        Upstream upstream = end.upstream();
        lines.accept(String.join(
                " ",
                end.started().toString(),
                end.info().client().getAddress().getHostAddress(),
                upstream == null ? "-" : upstream.id(),
                end.reason().name(),
                end.took().toMillis() + "ms",
                Long.toString(end.bytesToUpstream()),
                Long.toString(end.bytesToClient())));
    }
}
