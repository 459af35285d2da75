package dev.sluice.nio.fault;

import dev.sluice.DropReason;
import java.nio.ByteBuffer;

/**
 * A stage in its place, and what it may do there.
 *
 * <p>Thread: worker.
 */
final class Leg {
    private final DatagramCourse course;
    private final ActiveRule rule;
    private final DatagramStage stage;

    Leg(DatagramCourse course, ActiveRule rule, DatagramStage stage) {
        this.course = course;
        this.rule = rule;
        this.stage = stage;
    }

    ActiveRule rule() {
        return rule;
    }

    DatagramStage stage() {
        return stage;
    }

    long now() {
        return course.now();
    }

    /** When a datagram has come: a turn may have taken a while before it comes to one. */
    long readClock() {
        return course.readClock();
    }

    /** Passes a datagram on to the next stage. */
    void pass(ByteBuffer datagram) {
        course.passBehind(this, datagram);
    }

    void lose() {
        course.drop(DropReason.FAULT);
    }

    /** A copy for {@link #passHeld}; null, with the loss counted, where there is no room for it. */
    HeldDatagram hold(ByteBuffer datagram, long due) {
        return course.hold(datagram, due);
    }

    void passHeld(HeldDatagram held) {
        if (course.unhold(held)) {
            pass(held.bytes());
        }
    }

    /** The upstream is to see another port from now on. */
    void rebind() {
        course.rebind();
    }

    /** What the user gave the rule has thrown. */
    void onCallbackFailure(Throwable failure) {
        course.onCallbackFailure(rule, failure);
    }
}
