package dev.sluice.nio.upstream;

import dev.sluice.Upstream;
import dev.sluice.UpstreamChange;
import dev.sluice.UpstreamHealth;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.worker.Worker;
import java.time.Duration;
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

    /** Hears of changes on the worker that makes them, which it must not hold up. */
    @FunctionalInterface
    public interface Observer {
        void changed(Member member, UpstreamChange change);
    }

    private final int workers;
    private final Observer observer;
    /** Held for moments only, and never while the user's selector is prepared: workers take it. */
    private final Object health = new Object();

    private volatile Upstreams definition;
    private volatile Members members;

    public Group(Upstreams definition, int workers, Observer observer) {
        this.workers = workers;
        this.observer = observer;
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
        publish(first, next.selector());
        definition = next;
    }

    /** Failures in a row that a member may have; no number reaches it where ejection is off. */
    int mostFailures() {
        int failures = definition.ejection().failures();
        return failures == 0 ? Integer.MAX_VALUE : failures;
    }

    /** Puts a member out of rotation, unless somebody did already, or no other is left. */
    void eject(Standing standing, Worker worker, String how) {
        synchronized (health) {
            Member member = memberOf(standing);
            int failures = standing.failures();
            if (member == null || standing.isEjected() || failures < mostFailures() || isLast(member)) {
                return;
            }
            long now = worker.now();
            Duration time = standing.eject(now, definition.ejection());
            worker.timers().arm(new Timer(() -> readmit(standing, worker)), now + time.toNanos());
            String reason = "for " + time.toMillis() + " ms, after " + failures + " in a row failed, the last: " + how;
            tell(worker, member, UpstreamHealth.EJECTED, reason);
        }
    }

    private void readmit(Standing standing, Worker worker) {
        synchronized (health) {
            standing.readmit(worker.now(), definition.ejection());
            Member member = memberOf(standing);
            if (member != null) {
                tell(worker, member, UpstreamHealth.HEALTHY, "its time is over");
            }
        }
    }

    private void tell(Worker worker, Member member, UpstreamHealth to, String reason) {
        UpstreamHealth from = to == UpstreamHealth.EJECTED ? UpstreamHealth.HEALTHY : UpstreamHealth.EJECTED;
        observer.changed(
                member,
                new HealthChange(
                        name(),
                        member.upstream(),
                        from,
                        to,
                        reason,
                        worker.loop().wallTime()));
    }

    /** Null once it has left the group. */
    private Member memberOf(Standing standing) {
        for (Member member : members.list()) {
            if (member.standing() == standing) {
                return member;
            }
        }
        return null;
    }

    private boolean isLast(Member leaving) {
        for (Member other : members.list()) {
            if (other != leaving
                    && other.upstream().weight() > 0
                    && !other.standing().isEjected()) {
                return false;
            }
        }
        return true;
    }

    private Collection<Member> publish(Collection<Upstream> snapshot, UpstreamSelector selector) {
        Map<String, Member> known = new LinkedHashMap<>();
        members.list().forEach(member -> known.put(member.upstream().id(), member));
        List<Member> next = new ArrayList<>(snapshot.size());
        for (Upstream upstream : snapshot) {
            Member member = known.remove(upstream.id());
            next.add(member == null ? new Member(upstream, new Standing(this), workers) : member.redefined(upstream));
        }
        UpstreamSelector prepared = selector.prepare(List.copyOf(snapshot));
        if (prepared == null) {
            throw new IllegalArgumentException("group \"" + name() + "\": the selector's prepare answered null");
        }
        members = new Members(List.copyOf(next), prepared);
        return known.values();
    }
}
