package dev.sluice.nio.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/**
 * Gives sockets towards upstreams another address than the host would. The seam behind which transparent mode lives:
 * routes without it have no source at all.
 *
 * <p>Thread: any.
 */
public interface Source {
    /** The address that upstreams see of this client; they are of its family. */
    InetAddress address(InetSocketAddress client);

    /** Whether an upstream is of the family of what it would see. */
    default boolean fits(InetSocketAddress client, InetAddress upstream) {
        return address(client).getClass() == upstream.getClass();
    }

    /** Whether that is the client's, so that answers find their way back only if the network has been told to. */
    boolean isClients();

    /** Binds a socket that is to be connected next. Throws BindException where the port that it must have is taken. */
    void bind(SocketChannel channel, InetSocketAddress client) throws IOException;

    /** The same for datagrams; whoever binds tells when the socket is closed, too. */
    void bind(DatagramChannel channel, InetSocketAddress client, InetSocketAddress upstream) throws IOException;

    /** A socket that was to be bound has been closed. */
    void closed(DatagramChannel channel);

    /** Lets a socket bind what is no address of this host. */
    void allowForeign(DatagramChannel channel, InetAddress address) throws IOException;

    /** Whether the port must be the client's. */
    boolean keepsPort();

    /** What to bind to where the client's port is taken; null if that is to fail. */
    Source withAnotherPort();
}
