package dev.sluice.nio.socket;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * What both sockets of a TCP connection are set to.
 *
 * <p>Thread: any.
 *
 * @param noDelay whether small writes leave at once
 * @param keepAliveSeconds idle time before the first keepalive probe, 0 for none
 */
public record StreamOptions(boolean noDelay, int keepAliveSeconds) {
    public void apply(SocketChannel channel) throws IOException {
        if (noDelay) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        if (keepAliveSeconds > 0) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, keepAliveSeconds);
            }
        }
    }
}
