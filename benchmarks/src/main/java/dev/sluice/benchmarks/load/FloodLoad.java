package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Datagrams one way, faster than any relay takes them. Its units are those that arrived; the others are lost. */
public final class FloodLoad implements Load {
    private static final long STANDSTILL_NANOS = Duration.ofMillis(100).toNanos();

    private final Target target;
    private final ByteBuffer datagram;
    private final List<DatagramChannel> clients = new ArrayList<>();

    public FloodLoad(Target target, int clients, int bytes) throws IOException {
        this.target = target;
        this.datagram = ByteBuffer.allocateDirect(bytes);
        try {
            for (int i = 0; i < clients; i++) {
                DatagramChannel channel = DatagramChannel.open();
                this.clients.add(channel);
                channel.connect(target.address());
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        long before = target.received().getAsLong();
        long sent = 0;
        long begun = System.nanoTime();
        long now = begun;
        while (now - begun < time.toNanos()) {
            for (DatagramChannel client : clients) {
                sent += client.write(datagram.clear()) > 0 ? 1 : 0;
            }
            now = System.nanoTime();
        }
        long arrived = standstill() - before;
        return Outcome.unanswered(arrived, now - begun, sent - arrived);
    }

    /** What is on its way when the sending ends still arrives. */
    private long standstill() {
        long last = target.received().getAsLong();
        while (true) {
            LockSupport.parkNanos(STANDSTILL_NANOS);
            long next = target.received().getAsLong();
            if (next == last) {
                return last;
            }
            last = next;
        }
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel client : clients) {
            client.close();
        }
    }
}
