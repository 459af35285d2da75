package dev.sluice.examples.relay;

import dev.sluice.RouteMetrics;
import dev.sluice.RunningRoute;
import dev.sluice.Transport;
import java.util.ArrayList;
import java.util.List;

/** What a route has done in all, in a line: the last thing that the program says about it. */
final class Totals {
    private Totals() {}

    static String line(RunningRoute route) {
        RouteMetrics metrics = route.metrics();
        boolean tcp = route.definition().transport() == Transport.TCP;
        List<String> parts = new ArrayList<>();
        parts.add(count(metrics.opened(), tcp ? "connection" : "session"));
        parts.add(volume(metrics.datagramsToUpstream(), metrics.bytesToUpstream(), tcp) + " to upstreams");
        parts.add(volume(metrics.datagramsToClient(), metrics.bytesToClient(), tcp) + " to clients");
        StringBuilder line = new StringBuilder("total ").append(route.name()).append(tcp ? " tcp " : " udp ");
        line.append(String.join(", ", parts));
        append(line, Endings.all(metrics));
        append(line, Endings.misses(metrics));
        return line.toString();
    }

    private static String volume(long datagrams, long bytes, boolean tcp) {
        return tcp ? SizeText.of(bytes) : count(datagrams, "datagram") + " (" + SizeText.of(bytes) + ")";
    }

    /** A number of things in words: {@code 1 flow}, {@code 2 flows}. */
    static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private static void append(StringBuilder line, String counts) {
        if (!counts.isEmpty()) {
            line.append("; ").append(counts);
        }
    }
}
