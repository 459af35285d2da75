package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A server to be relayed to: either the test takes its connections itself, or a script serves each. */
public final class TcpServer implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    /** What the server does with one connection, on a thread of that connection's own; it is closed afterwards. */
    @FunctionalInterface
    public interface Script {
        void serve(TcpPeer client) throws Exception;
    }

    private final Family family;
    private final ServerSocket listener;
    /** Guarded by itself. */
    private final List<TcpPeer> accepted = new ArrayList<>();

    private TcpServer(Family family, ServerSocket listener) {
        this.family = family;
        this.listener = listener;
    }

    /** A server whose connections wait for {@link #accept()}. */
    static TcpServer open(Family family) throws IOException {
        ServerSocket listener = ServerSocketChannel.open().socket();
        listener.bind(family.socketAddress(0), BACKLOG);
        listener.setSoTimeout((int) Await.LONGEST.toMillis());
        return new TcpServer(family, listener);
    }

    /** Gives connections to come a receive buffer of about so many bytes, so that it is soon full. */
    public TcpServer receiveBuffer(int bytes) throws IOException {
        listener.setReceiveBufferSize(bytes);
        return this;
    }

    /** Serves every connection to come; whether that goes well is for the other side to say. */
    TcpServer serve(Script script) throws IOException {
        listener.setSoTimeout(0);
        daemon(() -> {
            while (true) {
                TcpPeer client = accept();
                daemon(() -> {
                    try (client) {
                        script.serve(client);
                    }
                });
            }
        });
        return this;
    }

    private interface Task {
        void run() throws Exception;
    }

    private void daemon(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (Exception closed) {
                        // The end of the server, or of this connection.
                    }
                },
                "server-" + listener.getLocalPort());
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends back what it receives, until the client ends its stream. */
    public static void echo(TcpPeer client) throws IOException {
        client.in().transferTo(client.out());
    }

    /** The next connection; the server closes it when it is closed itself. */
    public TcpPeer accept() throws IOException {
        Socket socket = listener.accept();
        synchronized (accepted) {
            TcpPeer peer = new TcpPeer(socket);
            accepted.add(peer);
            if (listener.isClosed()) {
                peer.close();
            }
            return peer;
        }
    }

    /** How many connections have been taken so far. */
    public int accepted() {
        synchronized (accepted) {
            return accepted.size();
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** As an upstream is written. */
    public String hostPort() {
        return family.hostPort(listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (accepted) {
            for (TcpPeer peer : accepted) {
                peer.close();
            }
        }
    }
}
