package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** A server that answers no connection attempt: it never accepts, and its backlog is full. */
public final class DeafServer implements AutoCloseable {
    /** Linux holds one connection more than the backlog it is given. */
    private static final int HELD = 2;

    private final Family family;
    private final ServerSocket listener = new ServerSocket();
    private final List<SocketChannel> callers = new ArrayList<>();

    private DeafServer(Family family) throws IOException {
        this.family = family;
        listener.bind(family.socketAddress(0), HELD - 1);
        for (int i = 0; i < 2 * HELD; i++) {
            SocketChannel caller = SocketChannel.open();
            caller.configureBlocking(false);
            caller.connect(family.socketAddress(listener.getLocalPort()));
            callers.add(caller);
        }
        Await.until(
                "the backlog is full",
                () -> callers.stream().filter(DeafServer::isHeld).count() >= HELD);
    }

    public static DeafServer open(Family family) throws IOException {
        return new DeafServer(family);
    }

    private static boolean isHeld(SocketChannel caller) {
        try {
            return caller.finishConnect();
        } catch (IOException e) {
            throw new AssertionError("a full backlog should answer nothing", e);
        }
    }

    /** As an upstream is written. */
    public String hostPort() {
        return family.hostPort(listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel caller : callers) {
            caller.close();
        }
        listener.close();
    }
}
