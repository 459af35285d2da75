package dev.sluice.nio.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket whose backlog is full, of connections of its own, and which takes none out: Linux drops who else
 * asks to connect, as a host would that is not there.
 *
 * <p>Thread: any but a worker's, one at a time.
 */
public final class FullBacklog {
    private static final Logger LOG = LoggerFactory.getLogger(FullBacklog.class);
    /** Zero would be the JDK's default. */
    private static final int SMALLEST = 1;
    /** Who is there first may be a client; so it takes no fixed number. */
    private static final int MOST_FILLERS = 16;
    /** More than there are places, in case the kernel is late with an answer. */
    private static final int LEAST_FILLERS = 4;

    private final ServerSocketChannel channel;
    private final List<SocketChannel> fillers = new ArrayList<>();

    private FullBacklog(ServerSocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Listens on an address.
     *
     * @param isShared whether others listen there that let it join them
     */
    public static FullBacklog listen(Sockets sockets, InetSocketAddress address, boolean isShared, BeforeBind before)
            throws IOException {
        ServerSocketChannel channel = isShared && sockets.sharesPorts()
                ? sockets.joinStream(address, SMALLEST, before)
                : sockets.listenStream(address, SMALLEST, before);
        return new FullBacklog(channel);
    }

    /** Fills it; to be called once nobody else listens there, who could take the connections meant for it. */
    public void fill(Sockets sockets) throws IOException {
        InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
        InetAddress host = bound.getAddress().isAnyLocalAddress() ? loopback() : bound.getAddress();
        InetSocketAddress address = new InetSocketAddress(host, bound.getPort());
        boolean connected = true;
        while (fillers.size() < (connected ? MOST_FILLERS : LEAST_FILLERS)) {
            SocketChannel filler = sockets.openStream(host, new StreamOptions(true, 0));
            // On the same host the answer is there at once, or there is none. One that fails closes the channel.
            connected = filler.connect(address) || filler.finishConnect();
            fillers.add(filler);
        }
    }

    /** Of IPv4, which a wildcard of either family answers on. */
    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** Closes it; returns the clients that were in it, which are the caller's from here on. */
    public List<SocketChannel> close() {
        List<SocketChannel> clients = new ArrayList<>();
        try (channel) {
            Set<SocketAddress> own = new HashSet<>();
            for (SocketChannel filler : fillers) {
                own.add(filler.getLocalAddress());
                filler.close();
            }
            for (SocketChannel queued = channel.accept(); queued != null; queued = channel.accept()) {
                if (own.contains(queued.getRemoteAddress())) {
                    queued.close();
                } else {
                    clients.add(queued);
                }
            }
        } catch (IOException e) {
            LOG.debug("A full backlog could not be emptied", e);
        }
        return clients;
    }
}
