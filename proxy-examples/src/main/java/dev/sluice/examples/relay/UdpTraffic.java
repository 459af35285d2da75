package dev.sluice.examples.relay;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Clients that send datagrams and wait for each echo, as many straight to the upstream as through the relay. */
final class UdpTraffic {
    static final int DATAGRAMS_A_CLIENT = 50;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int LENGTH = 100;

    private final InetSocketAddress relay;
    private final InetSocketAddress upstream;
    private final Latency latency;

    UdpTraffic(InetSocketAddress relay, InetSocketAddress upstream, Latency latency) {
        this.relay = relay;
        this.upstream = upstream;
        this.latency = latency;
    }

    /** Sends so many datagrams through the relay, and as many to the upstream, and returns what came of the former. */
    Tally send(int datagrams) throws Exception {
        Tally tally = new Tally();
        Clients.run(datagrams / DATAGRAMS_A_CLIENT, turn -> {
            try (DatagramSocket direct = socket(upstream);
                    DatagramSocket relayed = socket(relay)) {
                for (int i = 0; i < DATAGRAMS_A_CLIENT; i++) {
                    byte[] payload =
                            ByteBuffer.allocate(LENGTH).putInt(turn).putInt(i).array();
                    latency.direct(echo(direct, payload));
                    try {
                        latency.relayed(echo(relayed, payload));
                        tally.answered("echo");
                    } catch (IOException e) {
                        tally.lost(1);
                    }
                }
            }
        });
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

    /** {@return how long it took, in nanoseconds} */
    private static long echo(DatagramSocket socket, byte[] payload) throws IOException {
        long begun = System.nanoTime();
        socket.send(new DatagramPacket(payload, payload.length));
        DatagramPacket answer = new DatagramPacket(new byte[LENGTH + 1], LENGTH + 1);
        socket.receive(answer);
        long nanos = System.nanoTime() - begun;
        if (!Arrays.equals(payload, Arrays.copyOf(answer.getData(), answer.getLength()))) {
            throw new SocketTimeoutException("another answer came than the one awaited");
        }
        return nanos;
    }
}
