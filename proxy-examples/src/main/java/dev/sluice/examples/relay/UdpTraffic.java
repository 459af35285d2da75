package dev.sluice.examples.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Clients that await the echo of each datagram, from the upstream itself and through the relay in turn. */
final class UdpTraffic {
    static final int DATAGRAMS_A_CLIENT = 50;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int LENGTH = 100;

    private final InetSocketAddress relay;
    private final InetSocketAddress upstream;
    private final Latency latency = new Latency();

    UdpTraffic(InetSocketAddress relay, InetSocketAddress upstream) {
        this.relay = relay;
        this.upstream = upstream;
    }

    Latency latency() {
        return latency;
    }

    /** Sends so many datagrams through the relay, and as many to the upstream; returns what came of the former. */
    Tally send(int datagrams) throws IOException {
        Tally tally = new Tally();
        for (int client = 0; client < datagrams / DATAGRAMS_A_CLIENT; client++) {
            try (DatagramSocket direct = socket(upstream);
                    DatagramSocket relayed = socket(relay)) {
                for (int i = 0; i < DATAGRAMS_A_CLIENT; i++) {
                    byte[] payload =
                            ByteBuffer.allocate(LENGTH).putInt(client).putInt(i).array();
                    latency.direct(echo(direct, payload));
                    try {
                        latency.relayed(echo(relayed, payload));
                        tally.answered("echo");
                    } catch (IOException e) {
                        tally.lost(1);
                    }
                }
            }
        }
        return tally;
    }

    private static DatagramSocket socket(InetSocketAddress peer) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(peer);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a datagram, waits until it is back, and returns how many nanoseconds that took. */
    private static long echo(DatagramSocket socket, byte[] payload) throws IOException {
        long begun = System.nanoTime();
        socket.send(new DatagramPacket(payload, payload.length));
        DatagramPacket answer = new DatagramPacket(new byte[LENGTH + 1], LENGTH + 1);
        socket.receive(answer);
        long nanos = System.nanoTime() - begun;
        if (!Arrays.equals(payload, Arrays.copyOf(answer.getData(), answer.getLength()))) {
            throw new IOException("another answer than the one awaited");
        }
        return nanos;
    }
}
