package dev.sluice.nio.route;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * One listening socket of a route on one worker.
 *
 * <p>Thread: worker, apart from {@link #address}, {@link #lane} and {@link #receiveBuffer}.
 */
public interface Listener {
    /** The address that is really bound. */
    InetSocketAddress address();

    Lane lane();

    /** The receive buffer that the kernel granted, in bytes; zero for a stream. */
    int receiveBuffer();

    /** Begins to take flows. */
    void open() throws IOException;

    /** Whether those who come are left to the kernel's queue, until this is called again. */
    void suspend(boolean suspended);

    /**
     * Takes what the kernel has queued, and nothing after: where a port is shared, all of its listeners do so before
     * the first of them closes, which would reset the clients in its queue.
     */
    void takeLast();

    /** Closes the socket as soon as no live flow needs it: a stream's at once, a turn from now. */
    void retire();

    /** True while a live flow needs the socket, though the listener takes no new ones. */
    boolean isNeeded();

    /** True once the socket is closed and its port is free. */
    boolean isClosed();
}
