package dev.sluice.nio;

import dev.sluice.Leaving;
import dev.sluice.LiveUpstreams;
import dev.sluice.Upstream;
import dev.sluice.UpstreamMetrics;
import dev.sluice.nio.upstream.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * The user's handle on a group in a running server.
 *
 * <p>Thread: any.
 */
final class LiveGroup implements LiveUpstreams {
    private static final Duration TIME_TO_LEAVE = Duration.ofSeconds(30);

    private final NioServer server;
    private final Group group;
    /** Where the members come from; null if the user sets them. Changed under the server's lock. */
    private volatile Feed feed;

    LiveGroup(NioServer server, Group group) {
        this.server = server;
        this.group = group;
    }

    /** What happens to flows where nobody says. */
    static Leaving usualLeaving() {
        return Leaving.drain(TIME_TO_LEAVE);
    }

    Group group() {
        return group;
    }

    Feed feed() {
        return feed;
    }

    /** From here on its members come from there; from nowhere if null. */
    void feed(Feed next) {
        Feed before = feed;
        feed = next;
        if (before != null) {
            before.close();
        }
    }

    /** No route uses it any more. */
    void close() {
        feed(null);
        group.close();
    }

    @Override
    public String name() {
        return group.name();
    }

    @Override
    public void update(Collection<Upstream> snapshot) {
        update(snapshot, usualLeaving());
    }

    @Override
    public void update(Collection<Upstream> snapshot, Leaving leaving) {
        List<Upstream> members = new ArrayList<>(Objects.requireNonNull(snapshot, "snapshot"));
        members.forEach(member -> Objects.requireNonNull(member, "upstream of the snapshot"));
        if (feed != null) {
            throw new IllegalStateException(
                    "group \"" + name() + "\" is fed by " + group.definition().source()
                            + "; replace its routes with a group without a source to set the members");
        }
        server.update(this, members, Objects.requireNonNull(leaving, "leaving"));
    }

    @Override
    public List<UpstreamMetrics> list() {
        return group.members().stream()
                .<UpstreamMetrics>map(UpstreamSnapshot::of)
                .toList();
    }

    @Override
    public boolean isInPanic() {
        return group.isInPanic();
    }

    /** As the group that it was made of, with the members that it has now. */
    @Override
    public String toString() {
        return name() + " " + group.upstreams();
    }
}
