package dev.sluice.benchmarks.load;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A new connection for each request; the upstream answers it and ends the stream. */
public final class ChurnLoad implements Load {
    private final Clients clients = new Clients();
    private final ClosedLoop loop = new ClosedLoop(clients, this::ask);
    private final int atOnce;
    private final Target target;
    private final ByteBuffer request;
    private final ByteBuffer answer;

    /** So many connections are under way at any time. */
    public ChurnLoad(Target target, int atOnce, int bytes) throws IOException {
        this.atOnce = atOnce;
        this.target = target;
        this.request = ByteBuffer.allocateDirect(bytes);
        this.answer = ByteBuffer.allocateDirect(bytes + 1);
    }

    private void ask() throws IOException {
        Visit visit = new Visit(System.nanoTime());
        SocketChannel channel = SocketChannel.open();
        SelectionKey key = clients.register(channel, 0, visit);
        channel.connect(target.address());
        visit.finishConnect(key);
    }

    @Override
    public Outcome run(Duration time) throws IOException {
        return loop.run(atOnce, time);
    }

    @Override
    public void close() throws IOException {
        clients.close();
    }

    private final class Visit implements Clients.Client {
        private final long begun;
        private int received;

        Visit(long begun) {
            this.begun = begun;
        }

        @Override
        public void onReady(SelectionKey key) throws IOException {
            if (key.isConnectable()) {
                finishConnect(key);
            } else {
                read(key);
            }
        }

        void finishConnect(SelectionKey key) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            if (channel.finishConnect()) {
                channel.write(request.clear());
                key.interestOps(SelectionKey.OP_READ);
            } else {
                key.interestOps(SelectionKey.OP_CONNECT);
            }
        }

        private void read(SelectionKey key) throws IOException {
            int count = ((SocketChannel) key.channel()).read(answer.clear());
            if (count >= 0) {
                received += count;
            } else if (received == request.capacity()) {
                key.channel().close();
                loop.onAnswered(begun);
            } else {
                throw new EOFException("an answer had " + received + " bytes in place of " + request.capacity());
            }
        }
    }
}
