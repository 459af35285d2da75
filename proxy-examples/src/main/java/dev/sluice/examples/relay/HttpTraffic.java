package dev.sluice.examples.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.LongConsumer;

/** A client that sends HTTP requests: to the upstreams themselves and through the relay, in turn, one at a time. */
final class HttpTraffic {
    /** As browsers and pools do: some requests wait for a connection to be made, most do not. */
    static final int REQUESTS_A_CONNECTION = 5;

    private final InetSocketAddress relay;
    private final Latency first = new Latency();
    private final Latency later = new Latency();

    HttpTraffic(InetSocketAddress relay) {
        this.relay = relay;
    }

    /** {@return the latency of requests that had to wait for a new connection} */
    Latency first() {
        return first;
    }

    /** {@return the latency of requests on a connection that there was already} */
    Latency later() {
        return later;
    }

    /** Sends so many requests through the relay, and as many to the upstreams; returns what came of the former. */
    Tally send(int requests, List<InetSocketAddress> upstreams) throws IOException {
        Tally tally = new Tally();
        for (int i = 0; i < requests / REQUESTS_A_CONNECTION; i++) {
            send(upstreams.get(i % upstreams.size()), first::direct, later::direct, new Tally());
            try {
                send(relay, first::relayed, later::relayed, tally);
            } catch (IOException e) {
                tally.lost((i + 1) * REQUESTS_A_CONNECTION - tally.all());
            }
        }
        return tally;
    }

    private static void send(InetSocketAddress server, LongConsumer first, LongConsumer later, Tally tally)
            throws IOException {
        long begun = System.nanoTime();
        try (HttpConnection connection = new HttpConnection(server)) {
            for (int i = 0; i < REQUESTS_A_CONNECTION; i++) {
                tally.answered(connection.get());
                long answered = System.nanoTime();
                (i == 0 ? first : later).accept(answered - begun);
                begun = answered;
            }
        }
    }
}
