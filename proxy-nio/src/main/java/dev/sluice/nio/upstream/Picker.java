package dev.sluice.nio.upstream;

import dev.sluice.Candidates;
import dev.sluice.CloseReason;
import dev.sluice.FlowInfo;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Counters;
import dev.sluice.nio.worker.Worker;
import java.net.InetAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a group's selector for the upstream to try; one for each route and worker, so that a pick allocates nothing. The
 * selector may be the user's: what it throws, answers or takes too long for ends with the flow that asked.
 *
 * <p>Thread: worker.
 */
public final class Picker implements Candidates {
    private static final Logger LOG = LoggerFactory.getLogger(Picker.class);
    private static final long SLOW_NANOS = 100_000_000;
    private static final int MOST_ASKED = 8;

    private final String route;
    private final Worker worker;
    private final Counters counters;
    private boolean slowLogged;
    private boolean failureLogged;
    private List<Member> members = List.of();
    private List<Member> tried = List.of();
    private InetAddress source;
    private CloseReason refusal;
    /** Health does not matter: no healthy member is left to try, or too few are. */
    private boolean takesAll;

    public Picker(String route, Worker worker, Counters counters) {
        this.route = route;
        this.worker = worker;
        this.counters = counters;
    }

    /**
     * The member to try, none of those tried before, with one more flow counted as its own; or null with the reason in
     * {@link #refusal()}.
     *
     * @param from the address that the member will see, which must be of its family; null if any will do
     */
    public Member pick(Group group, FlowInfo flow, List<Member> triedBefore, InetAddress from) {
        Group.Members current = group.current();
        members = current.list();
        tried = triedBefore;
        source = from;
        boolean wasFull = false;
        // Another worker may take a member's last place, or put it out, while the selector looks.
        for (int asked = 0; asked < MOST_ASKED; asked++) {
            Member member = choose(group, current.selector(), flow);
            wasFull = member != null && isFit(member);
            if (member == null || wasFull && member.tryAcquire()) {
                return member;
            }
        }
        if (wasFull) {
            return refuse(CloseReason.LIMIT_UPSTREAM);
        }
        reportFailure("its selector keeps to an upstream that is out of rotation", null);
        return refuse(CloseReason.SELECTOR_FAILED);
    }

    private Member choose(Group group, UpstreamSelector selector, FlowInfo flow) {
        refusal = null;
        takesAll = group.isInPanic();
        Member member = ask(selector, flow);
        if (member == null && isForWantOfHealthy() && !takesAll && anyOut()) {
            // One that is out may have recovered: to try it is better than to refuse.
            takesAll = true;
            member = ask(selector, flow);
        }
        return member;
    }

    /** A healthy one that is full is no reason to turn to those that are not. */
    private boolean isForWantOfHealthy() {
        return refusal != CloseReason.SELECTOR_FAILED && refusal != CloseReason.LIMIT_UPSTREAM;
    }

    private Member ask(UpstreamSelector selector, FlowInfo flow) {
        if (!anyUsable()) {
            return refuseForWantOfUsable();
        }
        int choice;
        long asked = worker.loop().readClock();
        try {
            choice = selector.select(this, flow);
        } catch (Throwable e) {
            reportFailure("its selector threw", e);
            return refuse(CloseReason.SELECTOR_FAILED);
        } finally {
            reportIfSlow(worker.loop().readClock() - asked);
        }
        return chosen(choice);
    }

    private Member chosen(int choice) {
        if (choice == -1) {
            return anyUsable() ? refuse(CloseReason.NO_CANDIDATE) : refuseForWantOfUsable();
        }
        if (choice < 0 || choice >= members.size() || !isEligible(choice)) {
            reportFailure("its selector answered " + choice + ", which is no usable candidate", null);
            return refuse(CloseReason.SELECTOR_FAILED);
        }
        return members.get(choice);
    }

    /** Why the last pick found no member. */
    public CloseReason refusal() {
        return refusal;
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public Upstream upstream(int i) {
        return members.get(i).upstream();
    }

    @Override
    public boolean usable(int i) {
        Member member = members.get(i);
        return isEligible(i) && member.hasRoom() && isFit(member);
    }

    /** Whatever its health and room, which may change while a selector looks. */
    private boolean isEligible(int i) {
        Member member = members.get(i);
        return member.upstream().weight() > 0
                && (tried.isEmpty() || !tried.contains(member))
                && (source == null || member.mayBeOfFamilyOf(source));
    }

    private boolean isFit(Member member) {
        return takesAll || !member.standing().isOut();
    }

    @Override
    public int active(int i) {
        return members.get(i).active();
    }

    @Override
    public int weight(int i) {
        Member member = members.get(i);
        return member.standing().share(member.upstream().weight(), worker.now());
    }

    @Override
    public int attempt() {
        return tried.size();
    }

    private boolean anyUsable() {
        for (int i = 0; i < members.size(); i++) {
            if (usable(i)) {
                return true;
            }
        }
        return false;
    }

    private Member refuseForWantOfUsable() {
        return refuse(
                anyLimited()
                        ? CloseReason.LIMIT_UPSTREAM
                        : isForWantOfFamily() ? CloseReason.OTHER_FAMILY : CloseReason.NO_UPSTREAM);
    }

    private boolean isForWantOfFamily() {
        return source != null
                && tried.isEmpty()
                && !members.isEmpty()
                && members.stream().noneMatch(member -> member.mayBeOfFamilyOf(source));
    }

    /** Whether a member would be usable but for its limit, even if it has room again since. */
    private boolean anyLimited() {
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (member.isLimited() && isEligible(i) && isFit(member)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyOut() {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).standing().isOut()) {
                return true;
            }
        }
        return false;
    }

    private Member refuse(CloseReason reason) {
        refusal = reason;
        return null;
    }

    private void reportFailure(String what, Throwable failure) {
        counters.add(Counter.CALLBACK_FAILURES, 1);
        if (!failureLogged) {
            failureLogged = true;
            LOG.warn("Route \"{}\": {}; the flow is refused, further failures are only counted", route, what, failure);
        }
    }

    private void reportIfSlow(long nanos) {
        if (nanos <= SLOW_NANOS) {
            return;
        }
        counters.add(Counter.SLOW_SELECTIONS, 1);
        if (!slowLogged) {
            slowLogged = true;
            LOG.warn(
                    "Route \"{}\": its selector took {} ms and held up everything on its worker; it must not block. "
                            + "Further slow selections are only counted",
                    route,
                    nanos / 1_000_000);
        }
    }
}
