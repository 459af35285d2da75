package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.buffer.Stalled;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * One direction of a connection: what is read from the source is written to the sink, in order and at the sink's pace.
 * It owns its source, whose selection key it is attached to; its sink is the source of the opposite pipe.
 *
 * <p>Thread: worker.
 */
final class Pipe implements Loop.Handler, Stalled.Holder {
    /** More than most send buffers hold: who has taken this without a rest is as fast as the source. */
    private static final int KEEPS_UP = 8 * 1024 * 1024;

    private static final AtomicLongFieldUpdater<Pipe> BYTES = AtomicLongFieldUpdater.newUpdater(Pipe.class, "bytes");

    private final Connection connection;
    private final Counter counter;
    private SelectionKey source;
    private SocketChannel sink;
    private Stalled stalled;
    /** Present while it is under faults; it holds then what the sink has not taken. */
    private PipeFaults faults;

    private PipePhase phase = PipePhase.FLOWING;
    /** The sink takes nothing more; what is held for it may be for another one. */
    private boolean isSinkBroken;
    /** The sink was sent an end of stream: by a fault perhaps, while the source goes on. */
    private boolean isEndPassed;
    /** Written by the worker alone, in order and without a fence; any thread may read it. */
    private volatile long bytes;
    /** What full reads brought since the sink last left a rest; counted no further than needed. */
    private int keptUp;
    /** What the source's key was last asked for, which spares an atomic exchange where nothing changes; in few bits. */
    private byte interest;

    Pipe(Connection connection, Counter counter) {
        this.connection = connection;
        this.counter = counter;
    }

    void from(SelectionKey key) {
        source = key;
        interest = (byte) key.interestOps();
    }

    /** Gives the pipe its sink, or with null takes it away until another is found; nothing read is lost by that. */
    void into(SocketChannel channel) {
        sink = channel;
        isSinkBroken = false;
        isEndPassed = false;
        if (phase == PipePhase.ENDED) {
            phase = PipePhase.ENDING;
        }
        enterFaults();
    }

    /** What it is under; null without faults. */
    PipeFaults faults() {
        return faults;
    }

    /** From here on all goes through these, or with null straight on. */
    void under(PipeFaults next) {
        faults = next;
        enterFaults();
    }

    /** What has waited for a sink goes the way of all, and behind it the end of stream. */
    private void enterFaults() {
        if (faults != null && sink != null && stalled != null) {
            faults.take(stalled.bytes());
            release();
        }
        if (faults != null && sink != null && phase == PipePhase.ENDING) {
            faults.end();
        }
    }

    void closeSource(boolean orderly) {
        if (source != null) {
            connection.worker().closeStream(source, orderly);
            source = null;
        }
    }

    /** Done once at the end of a turn, so that what cancels out within the turn costs no system call. */
    void updateInterest(Pipe back) {
        if (source != null) {
            int wanted = (wantsRead() ? SelectionKey.OP_READ : 0) | (back.wantsWrite() ? SelectionKey.OP_WRITE : 0);
            if (wanted != interest) {
                interest = (byte) wanted;
                source.interestOps(wanted);
            }
        }
    }

    /** Without a sink yet, reading goes on until one small buffer is full, so that a reset by the source is seen. */
    boolean wantsRead() {
        boolean takes = stalled == null ? faults == null || faults.room() > 0 : sink == null && stalled.room() > 0;
        return source != null
                && (phase == PipePhase.FLOWING && takes && !isSinkBroken || phase == PipePhase.DISCARDING);
    }

    private boolean wantsWrite() {
        boolean isHolding = faults == null ? stalled != null : faults.isBlocked();
        return hasSink() && (isHolding || phase == PipePhase.ACKNOWLEDGING);
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

    PipePhase phase() {
        return phase;
    }

    /** The source will send no more, and all it sent is written. */
    boolean isDelivered() {
        return phase == PipePhase.ENDED || phase == PipePhase.ENDING && isAllWritten();
    }

    private boolean isAllWritten() {
        return stalled == null && (faults == null || faults.isEndOut());
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
        ByteBuffer scratch = buffers.scratch(mostToRead(buffers));
        int count;
        try {
            count = ((SocketChannel) source.channel()).read(scratch);
        } catch (IOException reset) {
            Breakage.onSourceFailed(connection, this);
            return 0;
        }
        boolean filled = !scratch.hasRemaining();
        if (phase == PipePhase.DISCARDING) {
            if (count < 0) {
                connection.departure().onDiscarded(this);
            }
        } else if (count < 0) {
            Breakage.onEndRead(connection, this);
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
        cut();
        connection.onSourceEnded(this);
        flush();
    }

    /** Reads no more: the source is gone. What it sent before is still for the sink. */
    void cut() {
        if (phase == PipePhase.FLOWING) {
            phase = PipePhase.ENDING;
            enterFaults();
        }
    }

    /** Drops what waits, and what the source sends until it ends. */
    void discard() {
        phase = PipePhase.DISCARDING;
        drop();
    }

    /** Drops what waits and carries nothing more. */
    void stop() {
        phase = PipePhase.STOPPED;
        drop();
    }

    /** Writes what waits, then passes on the end if the source has ended. */
    void flush() {
        if (faults != null) {
            faults.drain();
        } else if (stalled != null && sink != null && write(stalled.bytes())) {
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

    /** From here on the sink is writable only when it has acknowledged nearly everything. */
    void acknowledging() {
        phase = PipePhase.ACKNOWLEDGING;
    }

    SocketChannel sink() {
        return sink;
    }

    boolean hasSink() {
        return sink != null && !isSinkBroken;
    }

    /** Nothing has come from the source, nor has its end. */
    boolean isUntouched() {
        return bytes == 0 && phase == PipePhase.FLOWING && stalled == null && (faults == null || faults.isEmpty());
    }

    private int mostToRead(Buffers buffers) {
        if (sink == null) {
            return stalled == null ? Buffers.SMALL : stalled.room();
        }
        return faults == null ? buffers.readSize(keptUp >= KEEPS_UP) : Math.min(buffers.readSize(false), faults.room());
    }

    private void pass(ByteBuffer read) {
        if (faults != null && sink != null) {
            faults.pass(read);
            return;
        }
        if (sink != null) {
            write(read);
        }
        if (read.hasRemaining() && phase == PipePhase.FLOWING) {
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
        } else if (phase == PipePhase.STOPPED) {
            // To make room for it, this very connection was evicted.
            worker.buffers().release(held);
        } else {
            stalled = held;
            keptUp = 0;
        }
    }

    /** Returns false if the sink failed; the connection has seen to it then. */
    boolean write(ByteBuffer from) {
        int count;
        try {
            count = sink.write(from);
        } catch (IOException gone) {
            Breakage.onSinkFailed(connection, this);
            return false;
        }
        if (count > 0) {
            BYTES.lazySet(this, bytes + count);
            connection.onPassed(counter, count);
        }
        return true;
    }

    private void passEnd() {
        if (phase != PipePhase.ENDING || !isAllWritten() || sink == null || !connection.passesEnds()) {
            return;
        }
        phase = PipePhase.ENDED;
        if (!connection.endIfBothEnded()) {
            endSink();
        }
    }

    boolean isEndPassed() {
        return isEndPassed;
    }

    void endSink() {
        isEndPassed = true;
        try {
            sink.shutdownOutput();
        } catch (IOException gone) {
            Breakage.onSinkFailed(connection, this);
        }
    }

    private void release() {
        if (stalled != null) {
            connection.worker().buffers().release(stalled);
            stalled = null;
        }
    }

    private void drop() {
        release();
        if (faults != null) {
            faults.leave();
        }
    }
}
