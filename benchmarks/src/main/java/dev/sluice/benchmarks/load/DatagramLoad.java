package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Datagrams and their answers: each client has one under way, and takes it for lost after a while. */
public final class DatagramLoad implements Load {
    private static final long PATIENCE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final Selector selector = Selector.open();
    private final List<Client> clients = new ArrayList<>();
    private final ByteBuffer request;
    private final ByteBuffer answer;
    private Histogram latency = Outcome.histogram();
    private long lost;
    private int underWay;
    private boolean stopping;

    public DatagramLoad(Target target, int clients, int bytes) throws IOException {
        this.request = ByteBuffer.allocateDirect(bytes);
        this.answer = ByteBuffer.allocateDirect(bytes);
        try {
            for (int i = 0; i < clients; i++) {
                DatagramChannel channel = DatagramChannel.open();
                channel.configureBlocking(false);
                channel.connect(target.address());
                Client client = new Client(channel);
                channel.register(selector, SelectionKey.OP_READ, client);
                this.clients.add(client);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        latency = Outcome.histogram();
        lost = 0;
        stopping = time.isZero();
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        long lookAgain = begun;
        for (Client client : clients) {
            client.send();
        }
        while (underWay > 0) {
            selector.select(key -> ((Client) key.attachment()).receive(), LOOK_AGAIN_MILLIS);
            long now = System.nanoTime();
            stopping = now - end >= 0;
            if (now - lookAgain >= 0) {
                clients.forEach(Client::giveUpIfLate);
                lookAgain = now + Duration.ofMillis(LOOK_AGAIN_MILLIS).toNanos();
            }
        }
        return Outcome.closedLoop(latency, System.nanoTime() - begun, lost, clients.size());
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private final class Client {
        private final DatagramChannel channel;
        private long number;
        private long sent;
        private boolean isWaiting;

        Client(DatagramChannel channel) {
            this.channel = channel;
        }

        void send() {
            request.clear().putLong(0, ++number);
            sent = System.nanoTime();
            isWaiting = true;
            underWay++;
            try {
                channel.write(request);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void receive() {
            try {
                int count = channel.read(answer.clear());
                // What comes after it was taken for lost counts no more.
                if (count == request.capacity() && isWaiting && answer.getLong(0) == number) {
                    Outcome.record(latency, System.nanoTime() - sent);
                    onOver();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void giveUpIfLate() {
            if (isWaiting && System.nanoTime() - sent > PATIENCE_NANOS) {
                lost++;
                onOver();
            }
        }

        private void onOver() {
            isWaiting = false;
            underWay--;
            if (!stopping) {
                send();
            }
        }
    }
}
