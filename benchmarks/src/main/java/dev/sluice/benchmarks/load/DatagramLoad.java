package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Datagrams and their answers: each client has one under way, and takes it for lost after a while. */
public final class DatagramLoad implements Load {
    private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(50).toNanos();

    private final Clients clients = new Clients();
    private final ClosedLoop loop = new ClosedLoop(clients, this::ask, this::giveUpLateOnes);
    private final List<Client> all = new ArrayList<>();
    private final Queue<Client> idle = new ArrayDeque<>();
    private final ByteBuffer request;
    private final ByteBuffer answer;
    private long lastLook = System.nanoTime();

    public DatagramLoad(Target target, int count, int bytes) throws IOException {
        request = ByteBuffer.allocateDirect(bytes);
        answer = ByteBuffer.allocateDirect(bytes);
        clients.connectDatagrams(target, count, channel -> {
            Client client = new Client(channel);
            all.add(client);
            idle.add(client);
            return client;
        });
    }

    private void ask() throws IOException {
        idle.remove().send();
    }

    private void giveUpLateOnes() throws IOException {
        long now = System.nanoTime();
        if (now - lastLook >= LOOK_AGAIN_NANOS) {
            lastLook = now;
            for (Client client : all) {
                client.giveUpIfLate(now);
            }
        }
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        return loop.run(all.size(), time);
    }

    @Override
    public void close() throws IOException {
        clients.close();
    }

    private final class Client implements Clients.Client {
        private final DatagramChannel channel;
        private long number;
        private long sent;
        private boolean isWaiting;

        Client(DatagramChannel channel) {
            this.channel = channel;
        }

        void send() throws IOException {
            request.clear().putLong(0, ++number);
            sent = System.nanoTime();
            isWaiting = true;
            channel.write(request);
        }

        @Override
        public void onReady(SelectionKey key) throws IOException {
            int count = channel.read(answer.clear());
            // What comes after it was taken for lost counts no more.
            if (count == request.capacity() && isWaiting && answer.getLong(0) == number) {
                rest();
                loop.onAnswered(sent);
            }
        }

        void giveUpIfLate(long now) throws IOException {
            if (isWaiting && now - sent > PATIENCE_NANOS) {
                rest();
                loop.onLost(sent);
            }
        }

        private void rest() {
            isWaiting = false;
            idle.add(this);
        }
    }
}
