package dev.sluice.nio.upstream;

import dev.sluice.HealthCheck;
import dev.sluice.Leaving;
import dev.sluice.UpstreamHealth;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who of a group is out of rotation: by the failures of flows, and by checks. One lock, held for moments only, and
 * never while the user's selector is prepared: workers take it.
 *
 * <p>Thread: worker, apart from {@link #membersChanged}, {@link #moved} and {@link #isInPanic}.
 */
final class GroupHealth {
    private static final Logger LOG = LoggerFactory.getLogger(GroupHealth.class);

    private final Group group;
    private final Group.Observer observer;
    private final Object lock = new Object();
    private volatile boolean isInPanic;
    /** No member is healthy. */
    private boolean isHelpless;

    GroupHealth(Group group, Group.Observer observer) {
        this.group = group;
        this.observer = observer;
    }

    /** So few are healthy that all are used. */
    boolean isInPanic() {
        return isInPanic;
    }

    /** Failures in a row that a member may have; no number reaches it where ejection is off. */
    int mostFailures() {
        int failures = group.definition().ejection().failures();
        return failures == 0 ? Integer.MAX_VALUE : failures;
    }

    /** Puts a member out of rotation, unless it is out already, or no other is left. */
    void eject(Standing standing, Worker worker, String how) {
        synchronized (lock) {
            Member member = memberOf(standing);
            int failures = standing.failures();
            if (member == null || standing.isOut() || failures < mostFailures() || isLast(member)) {
                return;
            }
            long now = worker.now();
            Duration time = standing.eject(now, group.definition().ejection());
            long number = standing.ejections();
            worker.timers().arm(new Timer(() -> readmit(standing, number, worker)), now + time.toNanos());
            settle(
                    member,
                    worker,
                    "for " + time.toMillis() + " ms, after " + failures + " in a row failed, the last: " + how);
        }
    }

    /** The time of an ejection is over, unless a check has ended it before. */
    private void readmit(Standing standing, long number, Worker worker) {
        synchronized (lock) {
            if (standing.isEjected() && standing.ejections() == number) {
                standing.readmit(worker.now(), group.definition().ejection());
                settle(memberOf(standing), worker, "its time is over");
            }
        }
    }

    /** A check has been passed or failed. */
    void checked(Standing standing, HealthCheck check, boolean isPassed, Worker worker, String how) {
        synchronized (lock) {
            int inRow = standing.countCheck(isPassed);
            if (isPassed && inRow >= check.rise() && standing.isOut()) {
                standing.passChecks(worker.now(), group.definition().ejection());
                settle(memberOf(standing), worker, inRow + " checks in a row passed");
            } else if (!isPassed && (inRow >= check.fall() || standing.isFirstCheck())) {
                standing.failChecks();
                settle(
                        memberOf(standing),
                        worker,
                        inRow + (inRow == 1 ? " check" : " checks in a row") + " failed, the last: " + how);
            }
        }
    }

    /** The member is checked no more, and what checks have found is void. */
    void unchecked(Standing standing, Worker worker) {
        synchronized (lock) {
            standing.forgetChecks();
            settle(memberOf(standing), worker, "it is checked no more");
        }
    }

    /** Tells of what has come of it, if it makes a difference; the member is null once it has left the group. */
    private void settle(Member member, Worker worker, String reason) {
        if (member == null) {
            return;
        }
        Standing standing = member.standing();
        UpstreamHealth from = standing.health();
        UpstreamHealth to = standing.settle(reason);
        if (from == to) {
            return;
        }
        if (to == UpstreamHealth.HEALTHY) {
            standing.startSlowly(worker.now(), group.definition().slowStart());
        }
        tell(member, from, to, reason, worker.loop().wallTime());
        review();
        if (to == UpstreamHealth.HEALTHY) {
            abandonThoseOut();
        } else {
            abandon(List.of(standing), to);
        }
    }

    private void tell(Member member, UpstreamHealth from, UpstreamHealth to, String reason, Instant at) {
        observer.changed(new HealthChange(group.name(), member.upstream(), from, to, reason, at));
    }

    /** A member is at another address: there it is another server, with a standing of its own. */
    void moved(Member member, Standing before, Instant at) {
        synchronized (lock) {
            if (before.isOut()) {
                tell(member, before.health(), UpstreamHealth.HEALTHY, "it is at another address now", at);
            }
        }
    }

    /** The group has other members. */
    void membersChanged() {
        synchronized (lock) {
            review();
            abandonThoseOut();
        }
    }

    /** Finds out whether it is time to panic, or to stop. */
    private void review() {
        int all = 0;
        int healthy = 0;
        for (Member member : group.members()) {
            if (member.upstream().weight() > 0) {
                all++;
                healthy += member.standing().isOut() ? 0 : 1;
            }
        }
        double least = group.definition().panicBelow();
        // Not a product, which may round up: 0.28 of 25 is a little more than 7.
        boolean panics = all > 0 && (double) healthy / all < least;
        isHelpless = healthy == 0;
        if (panics == isInPanic) {
            return;
        }
        isInPanic = panics;
        if (panics) {
            LOG.warn(
                    "Group \"{}\": {} of {} upstreams are healthy, a smaller share than the {} of panicBelow: all "
                            + "are used",
                    group.name(),
                    healthy,
                    all,
                    least);
        } else {
            LOG.info("Group \"{}\": {} of {} upstreams are healthy, only those are used", group.name(), healthy, all);
        }
    }

    /** Flows may have come to them for want of another; now there is one. */
    private void abandonThoseOut() {
        if (isInPanic || isHelpless) {
            return;
        }
        for (UpstreamHealth health : List.of(UpstreamHealth.UNHEALTHY, UpstreamHealth.EJECTED)) {
            abandon(
                    group.members().stream()
                            .map(Member::standing)
                            .filter(standing -> standing.health() == health)
                            .toList(),
                    health);
        }
    }

    private void abandon(List<Standing> standings, UpstreamHealth health) {
        HealthCheck check = group.definition().healthCheck();
        if (!standings.isEmpty()) {
            boolean failsChecks = health == UpstreamHealth.UNHEALTHY && check != null;
            observer.abandoned(Set.copyOf(standings), failsChecks ? check.leaving() : Leaving.keep());
        }
    }

    private Member memberOf(Standing standing) {
        for (Member member : group.members()) {
            if (member.standing() == standing) {
                return member;
            }
        }
        return null;
    }

    private boolean isLast(Member leaving) {
        List<Member> members = group.members();
        for (Member other : members) {
            if (other != leaving
                    && other.upstream().weight() > 0
                    && !other.standing().isOut()) {
                return false;
            }
        }
        return true;
    }
}
