package dev.sluice.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/** Requests and answers of one size over kept connections. */
public final class RequestLoad implements Load {
    private final Clients clients = new Clients();
    private final ClosedLoop loop = new ClosedLoop(clients, this::ask);
    private final int atOnce;
    private final Queue<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer request;
    private final ByteBuffer answer;

    /** Opens the connections; {@code atOnce} requests go round over them. */
    public RequestLoad(Target target, int connections, int atOnce, int bytes) throws IOException {
        this.atOnce = atOnce;
        request = ByteBuffer.allocateDirect(bytes);
        answer = ByteBuffer.allocateDirect(bytes);
        clients.connect(target, connections, SelectionKey.OP_READ, channel -> {
            Connection connection = new Connection(channel);
            idle.add(connection);
            return connection;
        });
    }

    private void ask() throws IOException {
        idle.remove().send();
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        return loop.run(atOnce, time);
    }

    @Override
    public void settle() throws IOException {
        loop.run(idle.size(), Duration.ZERO);
        Load.super.settle();
    }

    @Override
    public void close() throws IOException {
        clients.close();
    }

    private final class Connection implements Clients.Client {
        private final SocketChannel channel;
        private int awaited;
        private long sent;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void send() throws IOException {
            request.clear();
            awaited = request.remaining();
            sent = System.nanoTime();
            // So small that a connection without anything under way takes it whole.
            if (channel.write(request) < awaited) {
                throw new IOException("a request of " + awaited + " bytes was not taken at once");
            }
        }

        @Override
        public void onReady(SelectionKey key) throws IOException {
            int count = channel.read(answer.clear().limit(Math.max(1, awaited)));
            if (count < 0 || awaited == 0) {
                throw new EOFException("a connection ended, or said what it was not asked");
            }
            awaited -= count;
            if (awaited == 0) {
                idle.add(this);
                loop.onAnswered(sent);
            }
        }
    }
}
