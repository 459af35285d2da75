package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import java.net.BindException;
import java.net.ConnectException;

/**
 * What an attempt's exception means, and what it makes of the flow. What the host lacks is never put down to the
 * upstream.
 *
 * <p>Thread: any.
 */
final class DialFailures {
    private DialFailures() {}

    static DialFailure of(Exception e) {
        String message = String.valueOf(e.getMessage());
        // No free port, or no permission: the JDK makes both a BindException, but for one without an address family.
        if (e instanceof BindException || message.contains("Operation not permitted")) {
            return DialFailure.LOCAL_RESOURCES;
        }
        if (e instanceof ConnectException) {
            return message.contains("timed out") ? DialFailure.TIMEOUT : DialFailure.REFUSED;
        }
        // The reset may be there before the connection is finished.
        return message.contains("reset") ? DialFailure.RESET : DialFailure.UNREACHABLE;
    }

    static CloseReason closeReason(DialFailure failure) {
        return switch (failure) {
            case REFUSED, RESET -> CloseReason.CONNECT_REFUSED;
            case TIMEOUT -> CloseReason.CONNECT_TIMEOUT;
            case UNREACHABLE, UNRESOLVED -> CloseReason.CONNECT_FAILED;
            case LOCAL_RESOURCES -> CloseReason.LOCAL_RESOURCES;
        };
    }
}
