package dev.sluice.nio.upstream;

import dev.sluice.Leaving;
import dev.sluice.Upstream;
import dev.sluice.UpstreamChange;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.worker.Worker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A group of upstreams in a running server, with one state for all routes that use it. Workers read an immutable set;
 * a change publishes the next one.
 *
 * <p>Thread: any.
 */
public final class Group {
    /** What one pick sees: the members in order, and the selector that was prepared for them. */
    record Members(List<Member> list, UpstreamSelector selector) {}

    /** Hears of changes of health, under a lock of the group's and mostly on a worker: it must not hold them up. */
    @FunctionalInterface
    public interface Observer {
        void changed(UpstreamChange change);

        /**
         * Members that are out of rotation, when they have become so or when others can be used in their stead again.
         *
         * @param flows what happens to their connections
         */
        default void abandoned(Collection<Standing> failed, Leaving flows) {}
    }

    private final int workers;
    private final GroupHealth health;
    /** Null while no route uses it. */
    private Checks checks;

    private volatile Upstreams definition;
    private volatile Members members;

    public Group(Upstreams definition, int workers, Observer observer) {
        this.workers = workers;
        this.health = new GroupHealth(this, observer);
        this.definition = definition;
        this.members = new Members(List.of(), definition.selector());
        publish(definition.members(), definition.selector());
    }

    public String name() {
        return definition.name();
    }

    public Upstreams definition() {
        return definition;
    }

    Members current() {
        return members;
    }

    public List<Member> members() {
        return members.list();
    }

    public List<Upstream> upstreams() {
        return members.list().stream().map(Member::upstream).toList();
    }

    /** Publishes the next set and returns the members that are not in it. */
    public synchronized Collection<Member> update(Collection<Upstream> snapshot) {
        return publish(snapshot, members.selector());
    }

    /** Takes over a new definition, with the members to begin with. */
    public synchronized void redefine(Upstreams next, Collection<Upstream> first) {
        Upstreams before = definition;
        definition = next;
        try {
            publish(first, next.selector());
        } catch (RuntimeException | Error e) {
            definition = before;
            throw e;
        }
    }

    /** A route uses it: from here on its members are checked, where its definition says so. */
    public synchronized void open(List<Worker> all, Names names) {
        if (checks == null) {
            checks = new Checks(health, all, names);
            checks.follow(definition.healthCheck(), members.list());
        }
    }

    /** No route uses it any more. */
    public synchronized void close() {
        if (checks != null) {
            checks.follow(null, List.of());
            checks = null;
        }
    }

    /** So few members are healthy that all are used. */
    public boolean isInPanic() {
        return health.isInPanic();
    }

    private Collection<Member> publish(Collection<Upstream> snapshot, UpstreamSelector selector) {
        Map<String, Member> known = new LinkedHashMap<>();
        members.list().forEach(member -> known.put(member.upstream().id(), member));
        List<Member> next = new ArrayList<>(snapshot.size());
        Map<Member, Standing> moved = new LinkedHashMap<>();
        for (Upstream upstream : snapshot) {
            Member before = known.remove(upstream.id());
            Member member = before == null ? new Member(upstream, newStanding(), workers) : redefined(before, upstream);
            if (before != null && member.standing() != before.standing()) {
                moved.put(member, before.standing());
            }
            next.add(member);
        }
        UpstreamSelector prepared = selector.prepare(List.copyOf(snapshot));
        if (prepared == null) {
            throw new IllegalArgumentException("group \"" + name() + "\": the selector's prepare answered null");
        }
        members = new Members(List.copyOf(next), prepared);
        health.membersChanged();
        if (checks != null) {
            moved.forEach((member, before) -> health.moved(member, before, checks.wallTime()));
            checks.follow(definition.healthCheck(), members.list());
        }
        return known.values();
    }

    private Member redefined(Member member, Upstream next) {
        boolean stays = member.upstream().address().equals(next.address());
        return member.redefined(next, stays ? member.standing() : newStanding());
    }

    /** Of a server of which nothing is known yet. */
    private Standing newStanding() {
        Standing standing = new Standing(health);
        if (checks != null) {
            standing.startSlowly(checks.now(), definition.slowStart());
        }
        return standing;
    }
}
