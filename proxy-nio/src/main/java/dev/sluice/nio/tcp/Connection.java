package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.Direction;
import dev.sluice.FlowInfo;
import dev.sluice.nio.fault.Engagement;
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
            life.meetFaults();
            if (state == ConnectionState.PREFACE && settings.headers().isExpected()) {
                wakeForDeadline();
            } else if (state == ConnectionState.PREFACE) {
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
        dial.begin();
    }

    /** Faults have not let it begin before. */
    void dialBegins() {
        dialFrom = worker().now();
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

    boolean isFromClient(Pipe pipe) {
        return pipe == toUpstream;
    }

    /** No upstream has been reached. */
    boolean isBeforeOpen() {
        return state.isBeforeOpen();
    }

    boolean isDialling(Dial asker) {
        return dial == asker;
    }

    void onConnected(SelectionKey upstream) {
        dial = null;
        toUpstream.into((SocketChannel) upstream.channel());
        toClient.from(upstream);
        state = state.become(
                toUpstream.phase() == PipePhase.ENDING ? ConnectionState.HALF_CLOSED : ConnectionState.OPEN);
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
        boolean both = toUpstream.phase() == PipePhase.ENDED && toClient.phase() == PipePhase.ENDED;
        if (both) {
            finish(CloseReason.DONE, true);
        }
        return both;
    }

    /** Present once something has happened that leads to the end. */
    Departure departure() {
        return departure;
    }

    /** @param isOrderly whether both sides are to see an end of stream, rather than a reset */
    Departure depart(CloseReason cause, boolean isOrderly) {
        state = state.become(ConnectionState.DELIVERING);
        departure = new Departure(this, toUpstream, toClient, cause, isOrderly);
        wakeForDeadline();
        return departure;
    }

    @Override
    public void onFailure(Throwable failure) {
        end(CloseReason.INTERNAL);
        LOG.error("Route \"{}\": a connection failed unexpectedly and was reset", info().route(), failure);
    }

    /** Tries another upstream in place of one that was reset before a byte passed; false if it is too late for that. */
    boolean dialAnother() {
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

    boolean mayDialAnother() {
        boolean untouched = toUpstream.bytes() == 0 && toClient.isUntouched();
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
        toUpstream.closeSource(toClient.isEndPassed());
        toClient.closeSource(toUpstream.isEndPassed());
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

    Pipe opposite(Pipe pipe) {
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

    /** Reads no more, delivers what was read to both sides, and ends. */
    @Override
    public void close() {
        if (state.isBeforeOpen()) {
            end(CloseReason.CLOSED_BY_USER);
        } else if (departure == null && state != ConnectionState.CLOSED) {
            depart(CloseReason.CLOSED_BY_USER, true).deliverBoth();
            updateInterest();
        }
    }

    @Override
    public void begin(Engagement engagement) {
        PipeFaults.begin(this, toUpstream, engagement, Direction.TO_UPSTREAM);
        PipeFaults.begin(this, toClient, engagement, Direction.TO_CLIENT);
        if (!isEnding()) {
            engagement.atListening().ifPresent(met -> Breakage.onAccepted(this, toUpstream, met));
        }
        updateInterest();
    }

    /** Something has happened that leads to the end, or it has come: a fault may be what has. */
    boolean isEnding() {
        return departure != null || state == ConnectionState.CLOSED;
    }

    @Override
    public void end(Engagement engagement) {
        PipeFaults.end(toUpstream, engagement);
        onReleased(toUpstream);
        PipeFaults.end(toClient, engagement);
        onReleased(toClient);
        wakeForDeadline();
        updateInterest();
    }

    /** What a fault has held may pass now, or its time has come. */
    void onDue(Pipe pipe) {
        onReleased(pipe);
        updateInterest();
    }

    private void onReleased(Pipe pipe) {
        if (departure == null) {
            pipe.flush();
        } else {
            departure.onReleased(pipe);
        }
    }
}
