package dev.sluice.examples.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** Clients that send HTTP requests, as many to the upstreams themselves as through the relay, in turn. */
final class HttpTraffic {
    /** As browsers and pools do: some requests wait for a connection to be made, most do not. */
    static final int REQUESTS_A_CONNECTION = 5;

    private final InetSocketAddress relay;
    private final Latency latency;

    HttpTraffic(InetSocketAddress relay, Latency latency) {
        this.relay = relay;
        this.latency = latency;
    }

    /** Sends so many requests through the relay, and as many to these upstreams; returns what came of the former. */
    Tally send(int requests, List<InetSocketAddress> upstreams) throws Exception {
        Tally tally = new Tally();
        Clients.run(requests / REQUESTS_A_CONNECTION, turn -> {
            direct(upstreams.get(turn % upstreams.size()));
            relayed(tally);
        });
        return tally;
    }

    private void direct(InetSocketAddress upstream) throws IOException {
        long begun = System.nanoTime();
        try (HttpConnection connection = new HttpConnection(upstream)) {
            for (int i = 0; i < REQUESTS_A_CONNECTION; i++) {
                connection.get();
                long answered = System.nanoTime();
                latency.direct(answered - begun);
                begun = answered;
            }
        }
    }

    private void relayed(Tally tally) {
        int answers = 0;
        long begun = System.nanoTime();
        try (HttpConnection connection = new HttpConnection(relay)) {
            for (; answers < REQUESTS_A_CONNECTION; answers++) {
                tally.answered(connection.get());
                long answered = System.nanoTime();
                latency.relayed(answered - begun);
                begun = answered;
            }
        } catch (IOException e) {
            tally.lost(REQUESTS_A_CONNECTION - answers);
        }
    }
}
