package dev.sluice.benchmarks.micro;

import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.nio.tcp.TcpListener;
import dev.sluice.nio.tcp.TcpSettings;
import dev.sluice.nio.upstream.Group;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/** A client and an upstream on loopback, and a connection of the engine between them that is turned by hand. */
final class RelayedStream implements AutoCloseable {
    private final TurnedWorker worker = new TurnedWorker();
    private final TcpListener listener;
    private final SocketChannel client;
    private final SocketChannel upstream;
    private final ByteBuffer sent;
    private final ByteBuffer received;

    RelayedStream(int bytes) throws IOException {
        sent = ByteBuffer.allocateDirect(bytes);
        received = ByteBuffer.allocateDirect(bytes);
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(TurnedWorker.anyPort()).configureBlocking(false);
            listener = listener(server.socket().getLocalPort());
            listener.open();
            client = SocketChannel.open(listener.address());
            upstream = accepted(server);
        }
        prepare(client);
        prepare(upstream);
    }

    private TcpListener listener(int port) throws IOException {
        TcpRoute route = Route.tcp("measured").listen("127.0.0.1", 0).to("127.0.0.1:" + port);
        Group group = new Group(route.upstreams(), 1, change -> {});
        return new TcpListener(
                worker.sockets().listenStream(TurnedWorker.anyPort(), 1, (channel, place) -> {}),
                List.of(worker.lane()),
                TcpSettings.of(route, group, worker.names(), null));
    }

    private SocketChannel accepted(ServerSocketChannel server) throws IOException {
        SocketChannel accepted = server.accept();
        while (accepted == null) {
            worker.turn();
            accepted = server.accept();
        }
        return accepted;
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    void toUpstream() throws IOException {
        pass(client, upstream);
    }

    void toClient() throws IOException {
        pass(upstream, client);
    }

    /** Nobody else runs meanwhile, so what is written is there to be read: as a rule one turn is enough. */
    private void pass(SocketChannel from, SocketChannel to) throws IOException {
        sent.clear();
        received.clear();
        while (sent.hasRemaining()) {
            from.write(sent);
        }
        while (received.hasRemaining()) {
            worker.turn();
            if (to.read(received) < 0) {
                throw new EOFException("the stream was cut off");
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        upstream.close();
        worker.close(listener);
    }
}
