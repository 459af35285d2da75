package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.FlowInfo;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Life;
import dev.sluice.nio.route.Permit;
import dev.sluice.nio.worker.Worker;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client and an upstream, and the two pipes between them.
 *
 * <p>Both ends of stream are an end. Every other ending is a reset to both sides, so that a truncated answer never
 * looks complete; only a side that was sent everything and its end before is closed. A reset that came from one side
 * reaches the other only after the bytes that were read before it.
 *
 * <p>Thread: worker, apart from what {@link dev.sluice.Flow} promises.
 */
final class Connection implements Life.Body {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** What fills the buffer has more behind it, which needs no select to be found; but others are waiting. */
    private static final int BYTES_A_TURN = 2 * 1024 * 1024;

    private final TcpListener listener;
    private final TcpSettings settings;
    private final Life life;
    private final Pipe toUpstream = new Pipe(this, Counter.BYTES_TO_UPSTREAM);
    private final Pipe toClient = new Pipe(this, Counter.BYTES_TO_CLIENT);
    private ConnectionState state = ConnectionState.PREFACE;
    private Dial dial;
    /** From when on dialling is counted. */
    private long dialFrom;

    /** Present once something has happened that leads to the end. */
    private Departure departure;

    Connection(TcpListener listener, TcpSettings settings, Lane lane, FlowInfo info, Permit permit) {
        this.listener = listener;
        this.settings = settings;
        this.life = new Life(lane, this, info, permit);
    }

    /** Begins to read from the client, and to dial unless it must say first who it is. */
    void start(SocketChannel client) {
        try {
            life.endNoLaterThan(Deadline.after(life.begun(), settings.drawMaxDuration()), CloseReason.MAX_DURATION);
            toUpstream.from(worker().loop().register(client, SelectionKey.OP_READ, toUpstream));
            toClient.into(client);
            if (settings.headers().isExpected()) {
                wakeForDeadline();
            } else {
                dial();
            }
            updateInterest();
        } catch (Throwable e) {
            onFailure(e);
        }
    }

    /** It is known now who the client is. */
    void dial() {
        toUpstream.releaseIfEmpty();
        state = state.become(ConnectionState.DIALLING);
        dialFrom = worker().now();
        dial = new Dial(this, toClient, dialFrom);
        dial.next();
    }

    @Override
    public Life life() {
        return life;
    }

    Worker worker() {
        return life.lane().worker();
    }

    TcpSettings settings() {
        return settings;
    }

    TcpListener listener() {
        return listener;
    }

    boolean isDialling(Dial asker) {
        return dial == asker;
    }

    void onConnected(SelectionKey upstream) {
        dial = null;
        toUpstream.into((SocketChannel) upstream.channel());
        toClient.from(upstream);
        state = state.become(toUpstream.isEnding() ? ConnectionState.HALF_CLOSED : ConnectionState.OPEN);
        life.touch();
        life.established();
        toUpstream.flush();
        wakeForDeadline();
        updateInterest();
    }

    void onReady(Pipe reader, int readyOps) {
        if (state == ConnectionState.DIALLING && reader == toClient) {
            dial.onConnectable();
            return;
        }
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            onWritable(opposite(reader));
        }
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            readOn(reader);
            if (state == ConnectionState.PREFACE) {
                Preface.onRead(this, toUpstream.waiting());
            }
        }
        updateInterest();
    }

    private static void readOn(Pipe reader) {
        int left = BYTES_A_TURN;
        while (left > 0 && reader.wantsRead()) {
            int count = reader.read();
            left = count > 0 ? left - count : 0;
        }
    }

    private void onWritable(Pipe pipe) {
        if (departure == null) {
            pipe.flush();
        } else {
            departure.onWritable(pipe);
        }
    }

    void onPassed(Counter counter, long count) {
        life.count(counter, count);
        life.touch();
        if (counter == Counter.BYTES_TO_CLIENT) {
            life.answered();
        }
    }

    void onSourceEnded(Pipe pipe) {
        if (state == ConnectionState.OPEN) {
            state = state.become(ConnectionState.HALF_CLOSED);
            wakeForDeadline();
        } else if (state == ConnectionState.PREFACE) {
            Preface.onEnd(this, toUpstream.waiting());
        } else if (departure != null) {
            departure.onSourceEnded(pipe);
        }
    }

    /** Once one side is gone no end of stream is passed on: a reset follows in its place. */
    boolean passesEnds() {
        return state == ConnectionState.HALF_CLOSED;
    }

    /** Closing says what a shutdown would, in one system call less. */
    boolean endIfBothEnded() {
        boolean both = toUpstream.isEnded() && toClient.isEnded();
        if (both) {
            finish(CloseReason.DONE, true);
        }
        return both;
    }

    /** The source was reset. */
    void onSourceFailed(Pipe pipe) {
        if (state.isBeforeOpen()) {
            end(CloseReason.CLIENT_RESET);
        } else if (departure != null) {
            departure.onSourceFailed(pipe);
        } else if (pipe == toUpstream || !dialAnother()) {
            pipe.cut();
            depart(endOf(pipe)).deliver(pipe);
        }
    }

    /** The sink takes nothing more, though it may have sent what is not yet read. */
    void onSinkFailed(Pipe pipe) {
        if (departure != null) {
            departure.onSinkFailed(pipe);
        } else if (pipe == toUpstream && mayDialAnother()) {
            // What the upstream sent last, if anything, decides what becomes of the flow.
            pipe.breakSink();
        } else {
            Pipe other = opposite(pipe);
            if (other.isEnded() && other.bytes() > 0) {
                depart(endOf(other)).awaitEnd(pipe);
            } else {
                depart(endOf(other)).deliver(other);
            }
        }
    }

    /** The source has ended its stream; one that takes nothing either is gone. */
    void onEndRead(Pipe pipe) {
        if (opposite(pipe).isSinkBroken()) {
            onSourceFailed(pipe);
        } else {
            pipe.end();
        }
    }

    void onDiscarded(Pipe pipe) {
        departure.onDiscarded(pipe);
    }

    /** What the end is put down to when the pipe's source is gone. */
    private CloseReason endOf(Pipe pipe) {
        return pipe == toUpstream ? CloseReason.CLIENT_RESET : CloseReason.UPSTREAM_RESET;
    }

    private Departure depart(CloseReason cause) {
        state = state.become(ConnectionState.DELIVERING);
        departure = new Departure(this, toUpstream, toClient, cause);
        wakeForDeadline();
        return departure;
    }

    @Override
    public void onFailure(Throwable failure) {
        end(CloseReason.INTERNAL);
        LOG.error("Route \"{}\": a connection failed unexpectedly and was reset", info().route(), failure);
    }

    /** Tries another upstream in place of one that was reset before a byte passed; false if it is too late for that. */
    private boolean dialAnother() {
        if (!mayDialAnother()) {
            return false;
        }
        toClient.closeSource(false);
        toUpstream.into(null);
        state = state.become(ConnectionState.DIALLING);
        dial = new Dial(this, toClient, dialFrom);
        dial.onReset();
        return true;
    }

    private boolean mayDialAnother() {
        boolean untouched = toUpstream.bytes() == 0 && toClient.bytes() == 0 && toClient.isFlowing();
        return untouched && worker().now() < Deadline.after(dialFrom, settings.connectDeadline());
    }

    @Override
    public long deadline() {
        return switch (state) {
            case PREFACE -> Deadline.after(life.begun(), settings.prefaceTimeout());
            case DIALLING -> dial.deadline();
            case OPEN -> Deadline.after(life.lastActivity(), settings.idleTimeout());
            case HALF_CLOSED -> Deadline.after(life.lastActivity(), settings.shorterTimeout());
            case DELIVERING -> departure.deadline();
            case CLOSED -> Deadline.NEVER;
        };
    }

    @Override
    public void onDeadline() {
        switch (state) {
            case PREFACE -> end(CloseReason.PREFACE_TIMEOUT);
            case DIALLING -> dial.onDeadline();
            case OPEN -> end(CloseReason.IDLE);
            case HALF_CLOSED -> endHalfClosed();
            case DELIVERING -> departure.onDeadline();
            case CLOSED -> {}
        }
    }

    /** A side that was sent everything and its end may still be reading that, which a reset would cut short. */
    private void endHalfClosed() {
        boolean isIdle = settings.shorterTimeout() != settings.halfClosedTimeout();
        toUpstream.closeSource(toClient.isEnded());
        toClient.closeSource(toUpstream.isEnded());
        end(isIdle ? CloseReason.IDLE : CloseReason.HALF_CLOSED);
    }

    /** Resets both sides. */
    @Override
    public void end(CloseReason reason) {
        finish(reason, false);
    }

    void finish(CloseReason reason, boolean orderly) {
        if (state == ConnectionState.CLOSED) {
            return;
        }
        state = state.become(ConnectionState.CLOSED);
        if (dial != null) {
            dial.abandonAttempt();
            dial = null;
        }
        toUpstream.stop();
        toClient.stop();
        toUpstream.closeSource(orderly);
        toClient.closeSource(orderly);
        life.end(reason);
    }

    private void updateInterest() {
        toUpstream.updateInterest(toClient);
        toClient.updateInterest(toUpstream);
    }

    private Pipe opposite(Pipe pipe) {
        return pipe == toUpstream ? toClient : toUpstream;
    }

    @Override
    public long bytesToUpstream() {
        return toUpstream.bytes();
    }

    @Override
    public long bytesToClient() {
        return toClient.bytes();
    }

    @Override
    public void close() {
        worker().submit(this::closeByUser);
    }

    /** Reads no more, delivers what was read to both sides, and ends. */
    private void closeByUser() {
        if (state.isBeforeOpen()) {
            end(CloseReason.CLOSED_BY_USER);
        } else if (state == ConnectionState.OPEN || state == ConnectionState.HALF_CLOSED) {
            depart(CloseReason.CLOSED_BY_USER).deliverBoth();
            updateInterest();
        }
    }

    @Override
    public String toString() {
        return life.toString();
    }
}
