package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.nio.socket.HostFailures;
import dev.sluice.nio.socket.Source;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/**
 * What an attempt's exception means, and what it makes of the flow. What the host lacks is never put down to the
 * upstream.
 *
 * <p>Thread: any.
 */
final class DialFailures {
    private DialFailures() {}

    /**
     * Connecting could not begin. From an address that is not the host's own choice the kernel may refuse to, whoever
     * the upstream is.
     *
     * @param source what gives dials their address; null for the host's own choice
     */
    static DialFailure atOnce(Exception e, Source source) {
        boolean isNetworks = e instanceof ConnectException || e instanceof NoRouteToHostException;
        boolean isOurs = source == null ? HostFailures.isOne(e) : !isNetworks;
        return isOurs ? DialFailure.LOCAL_RESOURCES : later(e);
    }

    /** Whether the upstream is to blame; for a silence it may be not, where its answers may have gone elsewhere. */
    static boolean isUpstreams(DialFailure failure, Source source) {
        return switch (failure) {
            case LOCAL_RESOURCES, OTHER_FAMILY, SOURCE_PORT_TAKEN -> false;
            case TIMEOUT -> source == null || !source.isClients();
            default -> true;
        };
    }

    /** Connecting had begun: whatever came of it came from the network or from the upstream. */
    static DialFailure later(Exception e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof ConnectException) {
            return message.contains("timed out") ? DialFailure.TIMEOUT : DialFailure.REFUSED;
        }
        // The reset may be there before the connection is finished.
        return message.contains("reset") ? DialFailure.RESET : DialFailure.UNREACHABLE;
    }

    /** @param source what gives dials their address; null for the host's own choice */
    static CloseReason closeReason(DialFailure failure, Source source) {
        if (failure == DialFailure.TIMEOUT && source != null && source.isClients()) {
            return CloseReason.NO_RETURN_ROUTE;
        }
        return switch (failure) {
            case REFUSED, RESET -> CloseReason.CONNECT_REFUSED;
            case TIMEOUT -> CloseReason.CONNECT_TIMEOUT;
            case UNREACHABLE, UNRESOLVED -> CloseReason.CONNECT_FAILED;
            case OTHER_FAMILY -> CloseReason.OTHER_FAMILY;
            case SOURCE_PORT_TAKEN -> CloseReason.SOURCE_PORT_TAKEN;
            case LOCAL_RESOURCES -> CloseReason.LOCAL_RESOURCES;
        };
    }

    /** What to say of the first connection that ends for this reason; null where there is nothing to say. */
    static String hint(CloseReason reason, Connection connection) {
        String client = connection.info().client().getAddress().getHostAddress();
        return switch (reason) {
            case NO_RETURN_ROUTE ->
                "no upstream has answered " + client + ", the client's address that they see: their answers must come"
                        + " back through this host (docs/transparent.md; relay.jar check --source client --upstream "
                        + connection.life().member().upstream() + " --client " + client + ")";
            case OTHER_FAMILY -> "no upstream has an address of the family of " + client + ", which they are to see";
            default -> null;
        };
    }
}
