package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.fault.ListeningFault;
import dev.sluice.nio.fault.Verdict;

/**
 * What becomes of a connection when one of its sides breaks, or a fault breaks it: it dials another upstream while
 * that is possible, and else delivers what can be delivered before it ends.
 *
 * <p>Thread: worker.
 */
final class Breakage {
    private Breakage() {}

    /** The source was reset. */
    static void onSourceFailed(Connection connection, Pipe pipe) {
        if (connection.isBeforeOpen()) {
            connection.end(CloseReason.CLIENT_RESET);
        } else if (connection.departure() != null) {
            connection.departure().onSourceFailed(pipe);
        } else if (connection.isFromClient(pipe) || !connection.dialAnother()) {
            Departure departure = connection.depart(endOf(connection, pipe), false);
            if (mayStillRead(pipe)) {
                departure.awaitEnd(connection.opposite(pipe));
            } else {
                pipe.cut();
                departure.deliver(pipe);
            }
        }
    }

    /** The sink takes nothing more, though it may have sent what is not yet read. */
    static void onSinkFailed(Connection connection, Pipe pipe) {
        if (connection.departure() != null) {
            connection.departure().onSinkFailed(pipe);
        } else if (connection.isFromClient(pipe) && connection.mayDialAnother()) {
            // What the upstream sent last, if anything, decides what becomes of the flow.
            pipe.breakSink();
        } else {
            Pipe other = connection.opposite(pipe);
            Departure departure = connection.depart(endOf(connection, other), false);
            if (mayStillRead(other)) {
                departure.awaitEnd(pipe);
            } else {
                departure.deliver(other);
            }
        }
    }

    /** The pipe's sink was sent all that it will be, and its end, behind which a reset might overtake the rest. */
    private static boolean mayStillRead(Pipe pipe) {
        return pipe.isEndPassed() && pipe.bytes() > 0;
    }

    /** The source has ended its stream; one that takes nothing either is gone. */
    static void onEndRead(Connection connection, Pipe pipe) {
        if (connection.opposite(pipe).isSinkBroken()) {
            onSourceFailed(connection, pipe);
        } else {
            pipe.end();
        }
    }

    /** A fault ends the flow in this place of one direction. */
    static void onVerdict(Connection connection, Pipe pipe, Verdict verdict) {
        if (verdict == Verdict.RESET_AT_ONCE || connection.isBeforeOpen()) {
            connection.end(CloseReason.FAULT);
        } else if (connection.departure() == null && verdict == Verdict.CLOSE) {
            connection.depart(CloseReason.FAULT, true).deliverBoth();
        } else if (connection.departure() == null) {
            pipe.cut();
            connection.depart(CloseReason.FAULT, false).deliver(pipe);
        }
    }

    /**
     * A fault ends the flow at its accept. Closing at once would be a reset to a client that has sent something: so
     * what it sends is read, and dropped, to its end.
     */
    static void onAccepted(Connection connection, Pipe fromClient, ListeningFault met) {
        if (met == ListeningFault.ACCEPT_AND_CLOSE) {
            connection.depart(CloseReason.FAULT, true).awaitEnd(fromClient);
            connection.opposite(fromClient).endSink();
        } else {
            connection.end(CloseReason.FAULT);
        }
    }

    /** What the end is put down to when the pipe's source is gone. */
    private static CloseReason endOf(Connection connection, Pipe pipe) {
        return connection.isFromClient(pipe) ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET;
    }
}
