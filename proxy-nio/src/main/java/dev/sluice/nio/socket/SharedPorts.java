package dev.sluice.nio.socket;

import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which sockets of a server share a client's port: as many as there are upstreams to talk to, and no two to one. For
 * TCP the kernel sees to that; for UDP it would give one of the two all answers.
 *
 * <p>Thread: any.
 */
final class SharedPorts {
    private record Ends(InetSocketAddress client, InetSocketAddress upstream) {}

    private final Set<Ends> taken = ConcurrentHashMap.newKeySet();
    private final Map<DatagramChannel, Ends> bySocket = new ConcurrentHashMap<>();

    void take(DatagramChannel channel, InetSocketAddress client, InetSocketAddress upstream) throws BindException {
        Ends ends = new Ends(client, upstream);
        if (!taken.add(ends)) {
            throw new BindException("the client's port talks to that upstream already");
        }
        bySocket.put(channel, ends);
    }

    /** The socket has been closed, if it ever had one. */
    void release(DatagramChannel channel) {
        Ends ends = bySocket.remove(channel);
        if (ends != null) {
            taken.remove(ends);
        }
    }
}
