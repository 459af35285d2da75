package dev.sluice.nio.udp;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;

/**
 * One refusal as it is told of a flow, a datagram and a dial.
 *
 * <p>Thread: any.
 */
final class Refusals {
    private Refusals() {}

    /** Why a datagram is dropped that would have opened a session. */
    static DropReason ofDatagram(CloseReason refusal) {
        return switch (refusal) {
            case DENIED -> DropReason.DENIED;
            case LIMIT_SERVER -> DropReason.SERVER_LIMIT;
            case LIMIT_ROUTE -> DropReason.SESSION_LIMIT;
            case LIMIT_CLIENT -> DropReason.CLIENT_LIMIT;
            case LIMIT_UPSTREAM -> DropReason.UPSTREAM_LIMIT;
            case OTHER_FAMILY -> DropReason.OTHER_FAMILY;
            case NO_CANDIDATE -> DropReason.NO_CANDIDATE;
            case SELECTOR_FAILED -> DropReason.SELECTOR_FAILED;
            default -> DropReason.NO_UPSTREAM;
        };
    }

    /** Why a session ends that could not have a socket. */
    static CloseReason ofSession(DropReason refusal) {
        return switch (refusal) {
            case UNREACHABLE -> CloseReason.CONNECT_FAILED;
            case OTHER_FAMILY -> CloseReason.OTHER_FAMILY;
            case SOURCE_PORT_TAKEN -> CloseReason.SOURCE_PORT_TAKEN;
            default -> CloseReason.LOCAL_RESOURCES;
        };
    }

    /** What such a socket failed of. */
    static DialFailure ofDial(DropReason refusal) {
        return switch (refusal) {
            case UNREACHABLE -> DialFailure.UNREACHABLE;
            case OTHER_FAMILY -> DialFailure.OTHER_FAMILY;
            case SOURCE_PORT_TAKEN -> DialFailure.SOURCE_PORT_TAKEN;
            default -> DialFailure.LOCAL_RESOURCES;
        };
    }
}
