package dev.sluice.nio.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.NetworkChannel;

/**
 * What a listening socket gets before it is bound to an address.
 *
 * <p>Thread: start.
 */
@FunctionalInterface
public interface BeforeBind {
    void prepare(NetworkChannel channel, InetAddress address) throws IOException;
}
