package dev.sluice.nio.tcp;

import dev.sluice.Direction;
import dev.sluice.nio.fault.Course;
import dev.sluice.nio.fault.Engagement;
import dev.sluice.nio.fault.Verdict;
import java.nio.ByteBuffer;

/**
 * A pipe under faults: what it reads goes through a course, and is written when it comes out of that.
 *
 * <p>Thread: worker.
 */
final class PipeFaults {
    /** Each portion is a system call, however small it is, and others of the worker are waiting. */
    private static final int WRITES_AT_ONCE = 128;

    private final Connection connection;
    private final Pipe pipe;
    private final Course course;

    private PipeFaults(Connection connection, Pipe pipe) {
        this.connection = connection;
        this.pipe = pipe;
        this.course = new Course(connection.worker(), this::onDue);
    }

    private void onDue() {
        try {
            connection.onDue(pipe);
        } catch (Throwable e) {
            connection.onFailure(e);
        }
    }

    /** From here on the pipe is under what this does to its direction, too. */
    static void begin(Connection connection, Pipe pipe, Engagement engagement, Direction direction) {
        if (!engagement.concerns(direction) || connection.isEnding()) {
            return;
        }
        boolean isFirst = pipe.faults() == null;
        PipeFaults faults = isFirst ? new PipeFaults(connection, pipe) : pipe.faults();
        ByteBuffer waiting = pipe.waiting();
        faults.course.add(engagement, direction, waiting == null ? 0 : waiting.remaining());
        if (isFirst) {
            pipe.under(faults);
        }
        pipe.flush();
    }

    /** And from here on it is not; what that has held goes on with the next flush. */
    static void end(Pipe pipe, Engagement engagement) {
        PipeFaults faults = pipe.faults();
        if (faults != null) {
            faults.course.remove(engagement.rule());
        }
    }

    /** How many bytes may be read. */
    int room() {
        return course.room();
    }

    /** Nothing is held that has been read. */
    boolean isEmpty() {
        return course.isEmpty();
    }

    /** Takes a copy of what was read, and writes what is due unless the sink is waited for. */
    void pass(ByteBuffer read) {
        boolean isWaiting = isBlocked();
        take(read);
        if (!isWaiting) {
            drain();
        }
    }

    /** Takes a copy of what was read; what is due of it is written by the next {@link #drain}. */
    void take(ByteBuffer read) {
        course.take(read);
    }

    /** The source sends no more. */
    void end() {
        course.end();
    }

    /** Writes what is due, or a good deal of it, and has the connection end where a fault says so. */
    void drain() {
        ByteBuffer due = pipe.hasSink() ? course.due() : null;
        for (int most = WRITES_AT_ONCE; due != null && most > 0 && pipe.write(due) && !due.hasRemaining(); most--) {
            due = course.due();
        }
        if (pipe.faults() == this) {
            conclude(course.checkVerdict());
        }
    }

    private void conclude(Verdict verdict) {
        boolean isEndedEarly = course.isEndOut() && pipe.phase() == PipePhase.FLOWING;
        if (verdict != null) {
            leave();
            Breakage.onVerdict(connection, pipe, verdict);
        } else if (isEndedEarly && !pipe.isEndPassed() && pipe.hasSink()) {
            pipe.endSink();
        } else if (course.isSpent() && !isEndedEarly) {
            leave();
        }
    }

    /** Drops what is held; the pipe is under faults no more. */
    void leave() {
        course.release();
        pipe.under(null);
    }

    /** There is more due than the sink has been given. */
    boolean isBlocked() {
        return course.isBlocked();
    }

    /** The end has come out, and so all before it. */
    boolean isEndOut() {
        return course.isEndOut();
    }
}
