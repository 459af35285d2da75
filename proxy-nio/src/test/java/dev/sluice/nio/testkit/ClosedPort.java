package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.Socket;

/** A port that refuses connections: it is bound, so that nobody else gets it, and nobody listens. */
public final class ClosedPort implements AutoCloseable {
    private final Family family;
    private final Socket holder;

    private ClosedPort(Family family, Socket holder) {
        this.family = family;
        this.holder = holder;
    }

    public static ClosedPort open(Family family) throws IOException {
        Socket holder = new Socket();
        holder.bind(family.socketAddress(0));
        return new ClosedPort(family, holder);
    }

    public int port() {
        return holder.getLocalPort();
    }

    /** As an upstream is written. */
    public String hostPort() {
        return family.hostPort(port());
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
