package dev.sluice.nio;

import dev.sluice.nio.route.Listener;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * One listening address of a route as it was asked for, and the listeners that it became.
 *
 * <p>Thread: any.
 */
record Binding(InetSocketAddress asked, List<Listener> listeners) {}
