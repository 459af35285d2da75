package dev.sluice.nio.udp;

import dev.sluice.DropReason;
import java.net.BindException;

/**
 * Why a session's socket could not be opened and connected: the host's failure, or the upstream's.
 *
 * <p>Thread: any.
 */
final class UdpFailures {
    private UdpFailures() {}

    static DropReason of(Exception e) {
        String message = String.valueOf(e.getMessage());
        // The JDK makes most failures to bind a BindException, that of a missing permission too.
        if (message.contains("Permission denied")) {
            return DropReason.LOCAL_RESOURCES;
        }
        // With no ephemeral port left, connecting fails with EAGAIN and binding with EADDRINUSE.
        if (e instanceof BindException || message.contains("Resource temporarily unavailable")) {
            return DropReason.NO_PORT;
        }
        if (message.contains("Too many open files") || message.contains("not permitted")) {
            return DropReason.LOCAL_RESOURCES;
        }
        return DropReason.UNREACHABLE;
    }
}
