package dev.sluice.nio.fault;

import dev.sluice.Direction;
import dev.sluice.DropReason;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.observe.Counters;
import dev.sluice.nio.worker.Worker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a session under faults: what comes in passes one stage after another, and what comes out is sent.
 *
 * <p>What it holds is bounded; beyond that datagrams are dropped and counted.
 *
 * <p>Thread: worker.
 */
public final class DatagramCourse {
    /** Where it leads. */
    public interface Outlet {
        /** Sends this, or counts why not. */
        void send(ByteBuffer datagram);

        /** The next is to be sent from another port. */
        void rebind();

        /** The time of something that was held has come: it has come out, or was lost. */
        void onMoved();

        /** Something that was not expected; the session must end. */
        void onFailure(Throwable failure);
    }

    private static final int MOST_HELD = 4 * 1024 * 1024;
    /** What a datagram takes of memory beside its bytes. */
    private static final int OVERHEAD = 128;

    private final Worker worker;
    private final Counters counters;
    private final Outlet outlet;
    private final Timer timer = new Timer(this::onDue);
    private final List<Leg> legs = new ArrayList<>();
    /** In bytes, with what they take of memory beside. */
    private int held;

    private int waiting;
    private long numbers;
    private boolean isReleased;

    /** @param counters where losses are counted */
    public DatagramCourse(Worker worker, Counters counters, Outlet outlet) {
        this.worker = worker;
        this.counters = counters;
        this.outlet = outlet;
    }

    /** Adds the stages of a rule behind those that there are. */
    public void add(Engagement engagement, Direction direction) {
        for (DatagramStage stage : engagement.stages(direction)) {
            legs.add(new Leg(this, engagement.rule(), stage));
        }
    }

    /** Takes the stages of a rule away; what they held goes on to the next. */
    public void remove(ActiveRule rule) {
        for (Leg leg : List.copyOf(legs)) {
            if (leg.rule() == rule) {
                leg.stage().pour(leg);
                legs.remove(leg);
            }
        }
        wake();
    }

    /** A datagram comes. */
    public void take(ByteBuffer datagram) {
        pass(0, datagram);
        wake();
    }

    void passBehind(Leg leg, ByteBuffer datagram) {
        pass(legs.indexOf(leg) + 1, datagram);
    }

    private void pass(int index, ByteBuffer datagram) {
        if (isReleased) {
            drop(DropReason.DRAINING);
        } else if (index == legs.size()) {
            outlet.send(datagram);
        } else {
            legs.get(index).stage().take(datagram, legs.get(index));
        }
    }

    private void onDue() {
        try {
            passDue();
        } catch (Throwable e) {
            outlet.onFailure(e);
        }
    }

    private void passDue() {
        for (Leg leg : List.copyOf(legs)) {
            if (leg.stage().due() <= worker.now()) {
                leg.stage().onDue(leg);
            }
        }
        wake();
        outlet.onMoved();
    }

    private void wake() {
        long first = Deadline.NEVER;
        for (Leg leg : legs) {
            first = Math.min(first, leg.stage().due());
        }
        if (first == Deadline.NEVER) {
            worker.timers().cancel(timer);
        } else {
            worker.timers().armNoLaterThan(timer, first);
        }
    }

    HeldDatagram hold(ByteBuffer datagram, long due) {
        int length = datagram.remaining();
        BufferBudget budget = worker.buffers().budget();
        if (isReleased || held + length + OVERHEAD > MOST_HELD || !budget.tryTake(length + OVERHEAD)) {
            drop(DropReason.WAITING_LIMIT);
            return null;
        }
        held += length + OVERHEAD;
        waiting++;
        return new HeldDatagram(ByteBuffer.allocate(length).put(datagram).flip(), due, numbers++);
    }

    /** One that was held is to go on; false if it was dropped with all others. */
    boolean unhold(HeldDatagram datagram) {
        if (isReleased) {
            return false;
        }
        int cost = datagram.bytes().capacity() + OVERHEAD;
        held -= cost;
        waiting--;
        worker.buffers().budget().give(cost);
        return true;
    }

    long now() {
        return worker.now();
    }

    /** The time as it is, rather than as it was when the turn began. */
    long readClock() {
        return worker.loop().readClock();
    }

    void drop(DropReason reason) {
        counters.dropped(reason);
    }

    void rebind() {
        outlet.rebind();
    }

    void onCallbackFailure(ActiveRule rule, Throwable failure) {
        rule.onCallbackFailure(failure, counters);
    }

    /** Whether it holds datagrams that are still to be sent. */
    public boolean isHolding() {
        return held > 0;
    }

    /** Whether there is no fault any more, nor anything left of one. */
    public boolean isSpent() {
        return legs.isEmpty() && held == 0;
    }

    /** Drops what it holds, and is of no use any more. */
    public void release() {
        worker.timers().cancel(timer);
        worker.buffers().budget().give(held);
        held = 0;
        for (; waiting > 0; waiting--) {
            drop(DropReason.DRAINING);
        }
        legs.clear();
        isReleased = true;
    }
}
