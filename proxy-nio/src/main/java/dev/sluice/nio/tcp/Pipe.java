package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.buffer.Stalled;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.socket.Sockets;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One direction of a connection: what is read from the source is written to the sink, in order and at the sink's pace.
 * It owns its source, whose selection key it is attached to; its sink is the source of the opposite pipe.
 *
 * <p>Thread: worker.
 */
final class Pipe implements Loop.Handler, Stalled.Holder {
    private enum Phase {
        /** The source may send more. */
        FLOWING,
        /** The source will send no more; what it sent before is not yet written. */
        ENDING,
        /** All is written, and the end of stream was passed on. */
        ENDED,
        /** All is written; the sink is writable once it has acknowledged nearly all of it. */
        ACKNOWLEDGING,
        /** The sink is gone; what the source still sends is read and dropped, so that it need not be reset. */
        DISCARDING,
        /** Nothing more is written. */
        STOPPED
    }

    /** More than most send buffers hold: who has taken this without a rest is as fast as the source. */
    private static final int KEEPS_UP = 8 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Pipe.class);
    private static final VarHandle BYTES = bytesHandle();

    private static VarHandle bytesHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Pipe.class, "bytes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Connection connection;
    private final Counter counter;
    private SelectionKey source;
    private SocketChannel sink;
    private Stalled stalled;
    private Phase phase = Phase.FLOWING;
    /** The sink takes nothing more; what is held for it may be for another one. */
    private boolean isSinkBroken;
    /** Written by the worker alone, in order and without a fence; any thread may read it. */
    private volatile long bytes;
    /** What full reads brought since the sink last left a rest; counted no further than needed. */
    private int keptUp;
    /** What the source's key was last asked for, which spares an atomic exchange where nothing changes. */
    private int interest;

    Pipe(Connection connection, Counter counter) {
        this.connection = connection;
        this.counter = counter;
    }

    void from(SelectionKey key) {
        source = key;
        interest = key.interestOps();
    }

    /** Gives the pipe its sink, or with null takes it away until another is found; nothing read is lost by that. */
    void into(SocketChannel channel) {
        sink = channel;
        isSinkBroken = false;
        if (phase == Phase.ENDED) {
            phase = Phase.ENDING;
        }
    }

    void closeSource(boolean orderly) {
        if (source != null) {
            connection.worker().closeStream(source, orderly);
            source = null;
        }
    }

    /**
     * Asks for what this pipe and the one back want of its source. Done once at the end of a turn, so that what cancels
     * out within the turn costs no system call.
     */
    void updateInterest(Pipe back) {
        if (source != null) {
            int wanted = (wantsRead() ? SelectionKey.OP_READ : 0) | (back.wantsWrite() ? SelectionKey.OP_WRITE : 0);
            if (wanted != interest) {
                interest = wanted;
                source.interestOps(wanted);
            }
        }
    }

    /** Without a sink yet, reading goes on until one small buffer is full, so that a reset by the source is seen. */
    boolean wantsRead() {
        boolean takes = stalled == null || (sink == null && stalled.room() > 0);
        return source != null && (phase == Phase.FLOWING && takes && !isSinkBroken || phase == Phase.DISCARDING);
    }

    private boolean wantsWrite() {
        return sink != null && !isSinkBroken && (stalled != null || phase == Phase.ACKNOWLEDGING);
    }

    /** Bytes that the kernel has taken for the sink. */
    long bytes() {
        return bytes;
    }

    /** Holds what the sink has not taken, and reads no more, until it gets another sink or is stopped. */
    void breakSink() {
        isSinkBroken = true;
    }

    boolean isSinkBroken() {
        return isSinkBroken;
    }

    boolean isFlowing() {
        return phase == Phase.FLOWING;
    }

    boolean isEnding() {
        return phase == Phase.ENDING;
    }

    boolean isEnded() {
        return phase == Phase.ENDED;
    }

    /** The source will send no more, and all it sent is written. */
    boolean isDelivered() {
        return (phase == Phase.ENDING || phase == Phase.ENDED) && stalled == null;
    }

    @Override
    public void onReady(int readyOps) {
        connection.onReady(this, readyOps);
    }

    @Override
    public void onFailure(Throwable failure) {
        connection.onFailure(failure);
    }

    @Override
    public void evict() {
        connection.end(CloseReason.BUFFER_BUDGET);
    }

    /** Reads once, and writes what was read straight on; how much there was, if more may be left, or else 0. */
    int read() {
        Buffers buffers = connection.worker().buffers();
        ByteBuffer scratch = buffers.scratch(sink == null ? roomForWaiting() : buffers.readSize(keptUp >= KEEPS_UP));
        int count;
        try {
            count = ((SocketChannel) source.channel()).read(scratch);
        } catch (IOException reset) {
            connection.onSourceFailed(this);
            return 0;
        }
        boolean filled = !scratch.hasRemaining();
        if (phase == Phase.DISCARDING) {
            if (count < 0) {
                connection.onDiscarded(this);
            }
        } else if (count < 0) {
            connection.onEndRead(this);
        } else if (count > 0) {
            connection.life().touch();
            pass(scratch.flip());
        }
        if (!filled) {
            return 0;
        }
        buffers.filled();
        if (stalled == null && keptUp < KEEPS_UP) {
            keptUp += count;
        }
        return count;
    }

    /** Takes it that the source has ended its stream: what was read is written, and then the end passed on. */
    void end() {
        phase = Phase.ENDING;
        connection.onSourceEnded(this);
        passEnd();
    }

    /** Reads no more: the source is gone. What it sent before is still for the sink. */
    void cut() {
        if (phase == Phase.FLOWING) {
            phase = Phase.ENDING;
        }
    }

    /** Drops what waits, and what the source sends until it ends. */
    void discard() {
        phase = Phase.DISCARDING;
        release();
    }

    boolean isStopped() {
        return phase == Phase.STOPPED;
    }

    boolean isDiscarding() {
        return phase == Phase.DISCARDING;
    }

    /** Drops what waits and carries nothing more. */
    void stop() {
        phase = Phase.STOPPED;
        release();
    }

    /** Writes what waits, then passes on the end if the source has ended. */
    void flush() {
        if (stalled != null && write(stalled.bytes())) {
            releaseIfEmpty();
        }
        passEnd();
    }

    /** What was read and waits for a sink; null if that is nothing. */
    ByteBuffer waiting() {
        return stalled == null ? null : stalled.bytes();
    }

    void releaseIfEmpty() {
        if (stalled != null && stalled.isEmpty()) {
            release();
        }
    }

    /** Has the sink become writable only when it has acknowledged nearly everything; false if it cannot tell. */
    boolean awaitAcknowledgement() {
        Sockets sockets = connection.worker().sockets();
        if (!sockets.tellsAcknowledgement()) {
            return false;
        }
        try {
            sockets.awaitAcknowledgement(sink);
        } catch (IOException gone) {
            return false;
        }
        phase = Phase.ACKNOWLEDGING;
        return true;
    }

    boolean isAcknowledging() {
        return phase == Phase.ACKNOWLEDGING;
    }

    void endSink() {
        try {
            sink.shutdownOutput();
        } catch (IOException gone) {
            LOG.debug("A stream was gone before its end could be passed on", gone);
        }
    }

    private int roomForWaiting() {
        return stalled == null ? Buffers.SMALL : stalled.room();
    }

    private void pass(ByteBuffer read) {
        if (sink != null) {
            write(read);
        }
        if (read.hasRemaining() && phase == Phase.FLOWING) {
            if (stalled == null) {
                hold();
            } else {
                stalled.add(read);
            }
        }
    }

    private void hold() {
        Worker worker = connection.worker();
        Stalled held = worker.buffers().holdScratch(this, worker.now());
        if (held == null) {
            connection.end(CloseReason.BUFFER_BUDGET);
        } else if (phase == Phase.STOPPED) {
            // To make room for it, this very connection was evicted.
            worker.buffers().release(held);
        } else {
            stalled = held;
            keptUp = 0;
        }
    }

    /** Returns false if the sink failed; the connection has seen to it then. */
    private boolean write(ByteBuffer from) {
        int count;
        try {
            count = sink.write(from);
        } catch (IOException gone) {
            connection.onSinkFailed(this);
            return false;
        }
        if (count > 0) {
            BYTES.setRelease(this, bytes + count);
            connection.onPassed(counter, count);
        }
        return true;
    }

    private void passEnd() {
        if (phase != Phase.ENDING || stalled != null || sink == null || !connection.passesEnds()) {
            return;
        }
        phase = Phase.ENDED;
        if (connection.endIfBothEnded()) {
            return;
        }
        try {
            sink.shutdownOutput();
        } catch (IOException gone) {
            connection.onSinkFailed(this);
        }
    }

    private void release() {
        if (stalled != null) {
            connection.worker().buffers().release(stalled);
            stalled = null;
        }
    }
}
