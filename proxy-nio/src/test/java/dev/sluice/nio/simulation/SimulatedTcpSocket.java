package dev.sluice.nio.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection as the kernel keeps it, which outlives the descriptor: what was written before a close
 * still goes out.
 *
 * <p>What is written waits here ({@code unsent}) until a step of the wire moves it into the other end's {@code unread}.
 * A reset discards the first and leaves the second readable.
 */
final class SimulatedTcpSocket {

    static final int END = -1;

    private enum State {
        NEW,
        DIALLING,
        ESTABLISHED,
        DEAD
    }

    private final TcpWire wire;
    private final ByteQueue unsent;
    private final ByteQueue unread;
    private State state = State.NEW;
    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private @Nullable SimulatedTcpSocket peer;
    private @Nullable SocketError error;
    private Reach fate = Reach.OPEN;
    private boolean endWritten;
    private boolean endDelivered;
    private boolean endArrived;
    private boolean resetOnWire;
    private boolean resetArrived;
    private boolean closed;

    SimulatedTcpSocket(TcpWire wire, KernelBuffers buffers) {
        this.wire = wire;
        this.unsent = new ByteQueue(buffers.send());
        this.unread = new ByteQueue(buffers.receive());
    }

    // Connecting.

    void bind(InetSocketAddress address) {
        local = address;
    }

    /** Sends a connect on its way; {@code fate} is what becomes of it whoever listens. */
    void dial(InetSocketAddress to, Reach fate) {
        this.state = State.DIALLING;
        this.remote = to;
        this.fate = fate;
    }

    void establish(SimulatedTcpSocket other, @Nullable InetSocketAddress from, @Nullable InetSocketAddress to) {
        state = State.ESTABLISHED;
        peer = other;
        local = from;
        remote = to;
    }

    void failDial(SocketError why) {
        state = State.DEAD;
        error = why;
    }

    /** Whether the connect is over, well or badly. */
    boolean isDialled() {
        return state != State.DIALLING;
    }

    boolean isEstablished() {
        return peer != null;
    }

    Reach fate() {
        return fate;
    }

    /** The error of a connect that failed. */
    void checkDial() throws IOException {
        if (peer == null && error != null) {
            throw error.onConnect();
        }
    }

    // What the application does.

    /** Moves up to {@code most} bytes; {@link #END} at the end, 0 when there is nothing yet. */
    int read(ByteBuffer to, int most) throws IOException {
        if (!unread.isEmpty()) {
            int count = Math.min(most, unread.size());
            unread.take(to, count);
            return count;
        }
        if (endArrived) {
            return END;
        }
        SocketError pending = error;
        if (pending != null) {
            error = null;
            throw pending.onRead();
        }
        return state == State.DEAD ? END : 0;
    }

    /** Takes up to {@code most} bytes; 0 when the send queue is full. */
    int write(ByteBuffer from, int most) throws IOException {
        if (state == State.DEAD || endWritten) {
            SocketError pending = error;
            error = null;
            throw (pending == null ? SocketError.BROKEN_PIPE : pending).onWrite();
        }
        int count = Math.min(most, unsent.room());
        unsent.put(from, count);
        return count;
    }

    int readable() {
        return unread.size();
    }

    int unsent() {
        return unsent.size();
    }

    int room() {
        return unsent.room();
    }

    void sendBuffer(int size) {
        unsent.capacity(size);
    }

    int sendBuffer() {
        return unsent.capacity();
    }

    /** Everything written goes out first, then the end of stream. */
    void shutdownOutput() {
        if (state == State.ESTABLISHED) {
            endWritten = true;
        }
    }

    /** A reset when there is data that nobody read, or when told to be abrupt; else what was written, then the end. */
    void close(boolean abrupt) {
        if (closed) {
            return;
        }
        closed = true;
        if (state == State.ESTABLISHED) {
            boolean onlyItsEndUnderWay = endArrived && endWritten && unsent.isEmpty();
            if (!unread.isEmpty() || abrupt && !onlyItsEndUnderWay) {
                abort();
            } else {
                endWritten = true;
            }
        }
        unread.clear();
        wire.tidy(this);
    }

    /** Dies and leaves a reset on the wire: nothing unsent arrives any more. */
    void abort() {
        state = State.DEAD;
        unsent.clear();
        resetOnWire = true;
    }

    int poll() {
        return switch (state) {
            case NEW -> SimulatedChannel.OUT | SimulatedChannel.GONE;
            case DIALLING -> 0;
            case DEAD -> SimulatedChannel.IN | SimulatedChannel.OUT | SimulatedChannel.GONE;
            case ESTABLISHED ->
                (unread.isEmpty() && !endArrived ? 0 : SimulatedChannel.IN)
                        | (endWritten || hasRoomWorthWaking() ? SimulatedChannel.OUT : 0);
        };
    }

    /** Linux reports room only once a third of the send buffer is free. */
    private boolean hasRoomWorthWaking() {
        return unsent.size() * 3L <= unsent.capacity() * 2L;
    }

    // What the wire does.

    /** One step; false when there was nothing that could move. */
    boolean advance(Chance chance, int segment) {
        SimulatedTcpSocket other = peer;
        if (other == null) {
            return false;
        }
        if (resetOnWire) {
            resetOnWire = false;
            other.onReset();
            return true;
        }
        if (state != State.ESTABLISHED || other.state != State.ESTABLISHED) {
            return false;
        }
        if (!unsent.isEmpty()) {
            return transmit(other, 1 + chance.below(segment));
        }
        if (endWritten && !endDelivered) {
            endDelivered = true;
            other.endArrived = true;
            return true;
        }
        return false;
    }

    private boolean transmit(SimulatedTcpSocket other, int segment) {
        if (other.closed) {
            other.abort();
            return true;
        }
        int count = Math.min(Math.min(segment, unsent.size()), other.unread.room());
        unsent.moveTo(other.unread, count);
        return count > 0;
    }

    /** Ignored when both directions have ended: there is no connection left to reset. */
    private void onReset() {
        if (state == State.ESTABLISHED && !bothEnded()) {
            state = State.DEAD;
            resetArrived = true;
            error = endArrived ? SocketError.BROKEN_PIPE : SocketError.RESET;
            unsent.clear();
        }
    }

    private boolean bothEnded() {
        return endDelivered && endArrived;
    }

    /** Whether nothing will ever move here again. */
    boolean isFinished() {
        return closed && !resetOnWire && (state != State.ESTABLISHED || bothEnded());
    }

    boolean hasSomethingUnderWay() {
        return state == State.DIALLING
                || resetOnWire
                || state == State.ESTABLISHED && (!unsent.isEmpty() || endWritten && !endDelivered);
    }

    boolean sawEnd() {
        return endArrived;
    }

    boolean sawReset() {
        return resetArrived;
    }

    boolean isClosed() {
        return closed;
    }

    @Nullable
    InetSocketAddress local() {
        return local;
    }

    @Nullable
    InetSocketAddress remote() {
        return remote;
    }

    @Override
    public String toString() {
        return local + " -> " + remote + " " + state + (closed ? " closed" : "") + ", " + unsent.size() + " unsent, "
                + unread.size() + " unread";
    }
}
