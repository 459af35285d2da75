package dev.sluice.nio.udp;

import dev.sluice.Direction;
import dev.sluice.nio.fault.DatagramCourse;
import dev.sluice.nio.fault.Engagement;
import dev.sluice.nio.route.Lane;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A session under faults: its datagrams go through a course in each direction that has one.
 *
 * <p>Thread: worker.
 */
final class SessionFaults {
    private final Session session;
    private final Map<Direction, DatagramCourse> courses = new EnumMap<>(Direction.class);

    SessionFaults(Session session) {
        this.session = session;
    }

    void begin(Engagement engagement, Direction direction, Consumer<ByteBuffer> sender) {
        if (engagement.concerns(direction)) {
            Lane lane = session.life().lane();
            courses.computeIfAbsent(
                            direction,
                            none -> new DatagramCourse(lane.worker(), lane.counters(), new Outlet(session, sender)))
                    .add(engagement, direction);
        }
    }

    void end(Engagement engagement) {
        courses.values().forEach(course -> course.remove(engagement.rule()));
        session.onFaultsMoved();
    }

    /** Takes a datagram of this direction, to be sent as the faults want it. */
    void take(Direction direction, ByteBuffer datagram, Consumer<ByteBuffer> sender) {
        DatagramCourse course = courses.get(direction);
        if (course == null) {
            sender.accept(datagram);
        } else {
            course.take(datagram);
        }
    }

    /** Whether datagrams are still to be sent. */
    boolean isHolding() {
        return courses.values().stream().anyMatch(DatagramCourse::isHolding);
    }

    /** Whether there is no fault any more, nor anything left of one. */
    boolean isSpent() {
        return courses.values().stream().allMatch(DatagramCourse::isSpent);
    }

    void release() {
        courses.values().forEach(DatagramCourse::release);
    }

    private record Outlet(Session session, Consumer<ByteBuffer> sender) implements DatagramCourse.Outlet {
        @Override
        public void send(ByteBuffer datagram) {
            // It may have been held since the session was last active.
            session.life().touch();
            sender.accept(datagram);
        }

        @Override
        public void rebind() {
            session.rebind();
        }

        @Override
        public void onFailure(Throwable failure) {
            session.onFailure(failure);
        }

        @Override
        public void onMoved() {
            session.onFaultsMoved();
        }
    }
}
