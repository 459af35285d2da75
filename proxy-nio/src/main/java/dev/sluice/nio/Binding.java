package dev.sluice.nio;

import dev.sluice.nio.route.Listener;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * One listening address of a route as it was asked for, and the listeners that it became.
 *
 * <p>Thread: any.
 */
record Binding(InetSocketAddress asked, List<Listener> listeners) {
    /** What was asked for, with the port that is really bound. */
    InetSocketAddress withRealPort() {
        int port = listeners.get(0).address().getPort();
        return asked.isUnresolved()
                ? InetSocketAddress.createUnresolved(asked.getHostString(), port)
                : new InetSocketAddress(asked.getAddress(), port);
    }
}
