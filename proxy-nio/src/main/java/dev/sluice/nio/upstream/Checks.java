package dev.sluice.nio.upstream;

import dev.sluice.HealthCheck;
import dev.sluice.nio.worker.Worker;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The active checks of a group: one cycle for each member, spread over the workers.
 *
 * <p>Thread: any, under the group's lock.
 */
final class Checks {
    private final GroupHealth health;
    private final List<Worker> workers;
    private final Names names;
    private Map<Standing, CheckCycle> cycles = new IdentityHashMap<>();
    private HealthCheck check;
    private int turn;

    Checks(GroupHealth health, List<Worker> workers, Names names) {
        this.health = health;
        this.workers = workers;
        this.names = names;
    }

    /** From here on these members are checked like this, and no others; none at all if the check is null. */
    void follow(HealthCheck wanted, List<Member> members) {
        Map<Standing, CheckCycle> before = cycles;
        Map<Standing, CheckCycle> next = new IdentityHashMap<>();
        Map<Standing, CheckCycle> unchecked = new IdentityHashMap<>();
        boolean isSame = Objects.equals(check, wanted);
        check = wanted;
        for (Member member : members) {
            CheckCycle cycle = before.get(member.standing());
            if (isSame && cycle != null) {
                before.remove(member.standing());
                next.put(member.standing(), cycle);
            } else if (wanted != null) {
                next.put(member.standing(), begin(member));
            } else if (cycle != null) {
                unchecked.put(member.standing(), cycle);
            }
        }
        cycles = next;
        before.values().forEach(CheckCycle::stop);
        // No verdict of a cycle that has stopped comes after this one.
        unchecked.forEach((standing, cycle) -> cycle.worker().submit(() -> health.unchecked(standing, cycle.worker())));
    }

    /** The time on the workers' clocks. */
    long now() {
        return workers.get(0).loop().elapsedSince(0);
    }

    Instant wallTime() {
        return workers.get(0).loop().wallTime();
    }

    private CheckCycle begin(Member member) {
        CheckCycle cycle = new CheckCycle(member, check, health, workers.get(turn++ % workers.size()), names);
        cycle.start();
        return cycle;
    }
}
