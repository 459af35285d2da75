package dev.sluice.nio.udp;

import dev.sluice.nio.route.Lane;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The listeners of several workers on one port. When one of their sockets closes, the kernel spreads the clients of all
 * anew, away from their sessions; so none is closed before all can be.
 *
 * <p>Thread: start for adding listeners, any for the rest.
 */
public final class SharedPort {
    private final List<UdpListener> listeners = new ArrayList<>();
    private final AtomicInteger inUse = new AtomicInteger();

    /** One more listener, on a socket of its own. */
    public UdpListener listener(DatagramChannel channel, Lane lane, UdpSettings settings) throws IOException {
        UdpListener listener = new UdpListener(channel, lane, settings, this);
        listeners.add(listener);
        inUse.incrementAndGet();
        return listener;
    }

    boolean isInUse() {
        return inUse.get() > 0;
    }

    /** One of the listeners has taken its last session and has none left. */
    void release() {
        if (inUse.decrementAndGet() == 0) {
            listeners.forEach(listener -> listener.lane().worker().submit(listener::close));
        }
    }
}
