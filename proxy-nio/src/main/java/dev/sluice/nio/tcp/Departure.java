package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.socket.Sockets;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last of a connection, after a side has gone or the user has closed it: what was read before is written, and has
 * arrived as far as the kernel can tell, before the end comes. An end that overtook it would lose it.
 *
 * <p>Thread: worker.
 */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    private final Connection connection;
    private final Pipe toUpstream;
    private final Pipe toClient;
    private final CloseReason cause;
    /** Both sides are to see an end of stream, rather than a reset. */
    private final boolean isOrderly;
    /** How long the end waits for the last that is under way, once nearly all is acknowledged. */
    private int graceMillis;
    /** What is read and dropped is awaited to its end, not only made way for. */
    private boolean awaitsEnd;

    Departure(Connection connection, Pipe toUpstream, Pipe toClient, CloseReason cause, boolean isOrderly) {
        this.connection = connection;
        this.toUpstream = toUpstream;
        this.toClient = toClient;
        this.cause = cause;
        this.isOrderly = isOrderly;
    }

    /**
     * One side is gone: what came from it before is delivered. What would go to it is read and dropped, since the other
     * side may not take anything before it has got rid of that.
     */
    void deliver(Pipe last) {
        Pipe back = opposite(last);
        if (back.phase() == PipePhase.FLOWING) {
            back.discard();
        } else {
            back.stop();
        }
        settle(last);
    }

    /** Nothing more is read, and both sides get what was read. */
    void deliverBoth() {
        toUpstream.cut();
        toClient.cut();
        settle(toUpstream);
        settle(toClient);
    }

    /**
     * The sink is gone, but the source was sent everything and its end. A reset would lose what it has not read yet,
     * and after an end of stream nothing tells when it has; so what it still sends is dropped until it ends too.
     */
    void awaitEnd(Pipe pipe) {
        opposite(pipe).closeSource(false);
        if (pipe.phase() == PipePhase.FLOWING) {
            awaitsEnd = true;
            pipe.discard();
        } else {
            connection.finish(cause, true);
        }
    }

    void onDiscarded(Pipe pipe) {
        if (awaitsEnd) {
            connection.finish(cause, true);
        } else {
            pipe.stop();
        }
    }

    void onSourceEnded(Pipe pipe) {
        settle(pipe);
    }

    void onSourceFailed(Pipe pipe) {
        if (pipe.phase() == PipePhase.DISCARDING) {
            connection.finish(cause, isOrderly);
        } else {
            pipe.cut();
            settle(pipe);
        }
    }

    void onSinkFailed(Pipe pipe) {
        leave(pipe);
    }

    void onWritable(Pipe pipe) {
        if (pipe.phase() == PipePhase.ACKNOWLEDGING) {
            long took = connection.worker().now() - connection.life().lastActivity();
            graceMillis = Math.max(graceMillis, TcpSettings.graceMillis(took));
            conclude(pipe);
        } else {
            settle(pipe);
        }
    }

    /** Faults may let pass what they have held. That says nothing of what the sink has acknowledged. */
    void onReleased(Pipe pipe) {
        if (pipe.phase() == PipePhase.ENDING) {
            settle(pipe);
        } else {
            pipe.flush();
        }
    }

    long deadline() {
        long wait = isSettled()
                ? TimeUnit.MILLISECONDS.toNanos(graceMillis)
                : connection.settings().deliveryTimeout();
        return Deadline.after(connection.life().lastActivity(), wait);
    }

    void onDeadline() {
        connection.finish(cause, isSettled() && endsInOrder());
    }

    /** What waits is written, as far as it can be; where nothing more is to come, the pipe is done. */
    private void settle(Pipe pipe) {
        pipe.flush();
        if (!pipe.isDelivered()) {
            return;
        }
        if (!isOrderly) {
            pipe.closeSource(false);
        }
        if (pipe.phase() == PipePhase.ENDED && isOrderly) {
            endIfSettled();
        } else if (pipe.bytes() > 0 && awaitsAcknowledgement(pipe)) {
            connection.life().touch();
        } else {
            conclude(pipe);
        }
    }

    /** All has been sent. Where both sides may go on sending, closing alone would be a reset: the end goes first. */
    private void conclude(Pipe pipe) {
        if (isOrderly) {
            endSink(pipe);
        }
        leave(pipe);
    }

    private static void endSink(Pipe pipe) {
        try {
            pipe.sink().shutdownOutput();
        } catch (IOException gone) {
            LOG.debug("A stream was gone before its end could be passed on", gone);
        }
    }

    /** Has the sink become writable only when it has acknowledged nearly everything; false if it cannot tell. */
    private boolean awaitsAcknowledgement(Pipe pipe) {
        Sockets sockets = connection.worker().sockets();
        if (!sockets.tellsAcknowledgement()) {
            return false;
        }
        try {
            sockets.awaitAcknowledgement(pipe.sink());
        } catch (IOException gone) {
            return false;
        }
        pipe.acknowledging();
        return true;
    }

    /** Nothing more is written; what the source sends is dropped for as long as it may still read what it was sent. */
    private void leave(Pipe pipe) {
        Pipe back = opposite(pipe);
        if (back.phase() == PipePhase.ENDED && back.bytes() > 0) {
            awaitsEnd = true;
            pipe.discard();
        } else {
            pipe.stop();
        }
        endIfSettled();
    }

    private boolean isSettled() {
        return isDone(toUpstream) && isDone(toClient);
    }

    private boolean isDone(Pipe pipe) {
        return pipe.phase() == PipePhase.STOPPED
                || pipe.phase() == PipePhase.ENDED
                || pipe.phase() == PipePhase.DISCARDING && !awaitsEnd;
    }

    private void endIfSettled() {
        if (isSettled() && graceMillis == 0) {
            connection.finish(cause, endsInOrder());
        } else {
            connection.life().touch();
            connection.wakeForDeadline();
        }
    }

    /** By the user's wish, or where the kernel cannot tell whether a reset would lose what came before. */
    private boolean endsInOrder() {
        boolean passed = toUpstream.bytes() > 0 || toClient.bytes() > 0;
        boolean blind = !connection.worker().sockets().tellsAcknowledgement();
        return isOrderly || passed && blind;
    }

    private Pipe opposite(Pipe pipe) {
        return pipe == toUpstream ? toClient : toUpstream;
    }
}
