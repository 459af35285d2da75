package dev.sluice.nio.route;

import dev.sluice.CloseReason;
import dev.sluice.Flow;
import dev.sluice.FlowInfo;
import dev.sluice.Leaving;
import dev.sluice.nio.header.HeaderSettings;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Counters;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.socket.Source;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Member;
import dev.sluice.nio.upstream.Picker;
import dev.sluice.nio.worker.Worker;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One route on one worker: its flows there and what they are counted in. It outlives a change of the route's settings.
 *
 * <p>Thread: worker.
 */
public final class Lane {
    private final String route;
    private final Worker worker;
    private final Admission admission;
    private final Events events;
    private final Counters counters = new Counters();
    private final Picker picker;
    private final LaneFaults faults = new LaneFaults(this);
    private CloseReason refusal;
    private Life newest;
    private int size;

    public Lane(String route, Worker worker, Admission admission, Events events) {
        this.route = route;
        this.worker = worker;
        this.admission = admission;
        this.events = events;
        this.picker = new Picker(route, worker, counters);
    }

    public String route() {
        return route;
    }

    public Worker worker() {
        return worker;
    }

    public Counters counters() {
        return counters;
    }

    /** Counts for the route and for the server. */
    void count(Counter counter, long amount) {
        counters.add(counter, amount);
        worker.counters().add(counter, amount);
    }

    void countEnd(CloseReason reason) {
        counters.ended(reason);
        worker.counters().ended(reason);
    }

    public Events events() {
        return events;
    }

    public AcceptRate acceptRate() {
        return admission.acceptRate();
    }

    /**
     * A permit for one more flow from this peer, or null with the reason in {@link #refusal()}. Where a header is
     * expected, which is to say who the client is, {@link #admitClient} is asked next.
     */
    public Permit admit(InetAddress peer, HeaderSettings headers) {
        if (!headers.isExpected()) {
            return admitKnown(peer);
        }
        Permit permit = admission.admit(this);
        if (permit != null && !trusts(peer, headers)) {
            permit.give();
            return refuseUntrusted(peer);
        }
        return permit;
    }

    public boolean trusts(InetAddress peer, HeaderSettings headers) {
        return Admission.isIn(headers.trusted(), peer);
    }

    /** The peer is none of those that headers are expected from. */
    public Permit refuseUntrusted(InetAddress peer) {
        return refuse(
                CloseReason.UNTRUSTED_PEER,
                () -> peer.getHostAddress() + " is not among the peers that PROXY headers are expected from");
    }

    /** A permit for one more flow of this client, or null with the reason in {@link #refusal()}. */
    public Permit admitKnown(InetAddress client) {
        Permit permit = admission.admit(this);
        if (permit == null) {
            return null;
        }
        Permit held = admitClient(client);
        if (held == null) {
            permit.give();
        }
        return held;
    }

    /** What a flow holds in place of its permit once its client is known; or null, with the permit still held. */
    public Permit admitClient(InetAddress client) {
        return admission.admitClient(client, this);
    }

    /**
     * The member to try for a flow, none of those tried before, with the flow counted as one that it has; or null with
     * the reason in {@link #refusal()}.
     *
     * @param source what gives the flow its address towards upstreams; null for the host's own choice
     */
    public Member pick(Group group, FlowInfo flow, List<Member> triedBefore, Source source) {
        Member member = picker.pick(group, flow, triedBefore, source == null ? null : source.address(flow.client()));
        if (member == null) {
            refuse(picker.refusal());
        }
        return member;
    }

    /** Why the flow that was asked for last may not be. */
    public CloseReason refusal() {
        return refusal;
    }

    Permit refuse(CloseReason reason) {
        return refuse(reason, () -> null);
    }

    /** @param detail what to say of the first that is refused for this reason, where that is not the route's to say */
    public Permit refuse(CloseReason reason, Supplier<String> detail) {
        refusal = reason;
        admission.onRefused(reason, detail);
        return null;
    }

    /** Flows that have not ended. */
    public int size() {
        return size;
    }

    public void collectInto(List<Flow> flows) {
        for (Life life = newest; life != null; life = life.older) {
            flows.add(life.flow());
        }
    }

    /** What its flows are under. */
    public LaneFaults faults() {
        return faults;
    }

    /** Those that live now. */
    List<Life> oldestFirst() {
        List<Life> lives = new ArrayList<>();
        for (Life life = newest; life != null; life = life.older) {
            lives.add(life);
        }
        Collections.reverse(lives);
        return lives;
    }

    /** Whether it lives, and here. */
    boolean has(Life life) {
        return life.lane() == this && (life == newest || life.newer != null);
    }

    /** Tells all flows to end for this reason, when the leaving says. */
    public void endFlows(Leaving leaving, CloseReason reason) {
        for (Life life = newest; life != null; life = life.older) {
            life.endNoLaterThan(moment(leaving), reason);
        }
    }

    /** The same for the flows of some members, unless they have another one by then. */
    public void endFlowsOf(Predicate<Member> which, Leaving leaving, CloseReason reason) {
        for (Life life = newest; life != null; life = life.older) {
            if (life.member() != null && which.test(life.member())) {
                life.leaveMemberNoLaterThan(moment(leaving), reason);
            }
        }
    }

    private long moment(Leaving leaving) {
        long within = leaving.within().toNanos();
        return switch (leaving.kind()) {
            case KEEP -> Deadline.NEVER;
            case DRAIN, CLOSE -> worker.now() + within;
            case SPREAD -> worker.now() + ThreadLocalRandom.current().nextLong(within + 1);
        };
    }

    void add(Life life) {
        life.older = newest;
        if (newest != null) {
            newest.newer = life;
        }
        newest = life;
        size++;
    }

    void remove(Life life) {
        if (life.newer == null) {
            newest = life.older;
        } else {
            life.newer.older = life.older;
        }
        if (life.older != null) {
            life.older.newer = life.newer;
        }
        life.older = null;
        life.newer = null;
        size--;
    }
}
