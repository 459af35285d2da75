package dev.sluice.nio.route;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.Flow;
import dev.sluice.FlowInfo;
import dev.sluice.Upstream;
import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.fault.Engagement;
import dev.sluice.nio.loop.Deadline;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Counters;
import dev.sluice.nio.upstream.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a connection and a session have in common: who they are, their upstream, when they were last active, when they
 * must end, and that they end once.
 *
 * <p>Thread: worker.
 */
public final class Life {
    /** The connection or session that lives this life. */
    public interface Body extends Timer.Target {
        Life life();

        /** When it has taken too long for what it is doing; on its worker's clock. */
        long deadline();

        /** The deadline has passed. */
        void onDeadline();

        /** Ends the flow for this reason, unless it has ended. */
        void end(CloseReason reason);

        /** Something that was not expected; the flow must end. */
        void onFailure(Throwable failure);

        /** Has the timer look at the deadline, which may be nearer than it was. */
        default void wakeForDeadline() {
            if (life().took == ALIVE) {
                Ending ending = life().ending();
                life().wakeNoLaterThan(ending == null ? deadline() : Math.min(deadline(), ending.at()));
            }
        }

        /** A timer that is early looks when to come again; that is how activity re-arms it without touching it. */
        @Override
        default void onDue() {
            long now = life().lane.worker().now();
            Ending ending = life().ending();
            try {
                if (ending != null && now >= ending.at()) {
                    end(ending.reason());
                } else if (now >= deadline()) {
                    onDeadline();
                }
            } catch (Throwable e) {
                onFailure(e);
            }
            wakeForDeadline();
        }

        default FlowInfo info() {
            return life().info;
        }

        /** Ends the flow in good order, as the user asks, unless it has ended. */
        void close();

        /** Bytes that the kernel has taken for the upstream; any thread may ask. */
        long bytesToUpstream();

        /** The same for the client. */
        long bytesToClient();

        /** From here on the flow is under these faults, too. */
        void begin(Engagement engagement);

        /** And from here on without these. */
        void end(Engagement engagement);
    }

    private static final long ALIVE = -1;

    private final Lane lane;
    private final Body body;
    /** Any thread may read it. */
    private volatile FlowInfo info;

    private Permit permit;
    private final long id;
    private final long begun;
    private final Timer timer;
    /** The one it has, tries, or tried last; any thread may read it, and the next. */
    private volatile Member member;

    private volatile long took = ALIVE;
    private List<Member> tried = List.of();
    private int attempts;
    private long dialled;
    private long lastActivity;
    private Ending ending;
    /** Holds for the member at hand only: who has moved on to another is not bound by it. */
    private Ending memberEnding;
    /** Replaced, never changed. */
    private List<Engagement> faults = List.of();

    Life older;
    Life newer;

    /** Begins a life; its end gives back what it was {@linkplain Lane#admit admitted} with. */
    public Life(Lane lane, Body body, FlowInfo info, Permit permit) {
        this.lane = lane;
        this.body = body;
        this.info = info;
        this.permit = permit;
        this.id = lane.worker().nextFlowId();
        this.begun = lane.worker().now();
        this.lastActivity = begun;
        this.timer = new Timer(body);
        lane.count(Counter.OPENED, 1);
        lane.add(this);
    }

    /** Counts and tells of a flow that was refused before it had a life. */
    public static void refuse(Lane lane, FlowInfo info, CloseReason reason) {
        lane.count(Counter.OPENED, 1);
        lane.countEnd(reason);
        if (lane.events().isWanted()) {
            lane.events()
                    .flowEnded(new EndedFlow(
                            info,
                            null,
                            reason,
                            lane.worker().loop().wallTime(),
                            Duration.ZERO,
                            Duration.ZERO,
                            0,
                            0,
                            0));
        }
    }

    /** Its header has told who the client is; returns false, with the reason in its lane, if it must not be here. */
    public boolean identify(FlowInfo known) {
        info = known;
        Permit held = lane.admitClient(known.client().getAddress());
        permit = held == null ? permit : held;
        return held != null;
    }

    public Lane lane() {
        return lane;
    }

    public Flow flow() {
        return new LiveFlow(this);
    }

    Body body() {
        return body;
    }

    long id() {
        return id;
    }

    FlowInfo info() {
        return info;
    }

    Duration age() {
        long whole = took;
        return Duration.ofNanos(whole == ALIVE ? lane.worker().loop().elapsedSince(begun) : whole);
    }

    /** When it began, on its worker's clock. */
    public long begun() {
        return begun;
    }

    /** The upstream it has, tries or tried last; null before the first. */
    public Member member() {
        return member;
    }

    Upstream upstream() {
        Member known = member;
        return known == null ? null : known.upstream();
    }

    /** Gives it an upstream to try, which it was {@linkplain Lane#pick picked} for. */
    public void assign(Member next) {
        member = next;
        attempts++;
    }

    /**
     * Takes the upstream away again, which is not asked another time.
     *
     * @param isUpstreams whether it is to blame
     */
    public void attemptFailed(DialFailure failure, boolean isUpstreams) {
        lane.counters().dialFailed(failure);
        if (isUpstreams) {
            upstreamCounters().dialFailed(failure);
            member.standing().failed(lane.worker(), failure.name());
        }
        tried = new ArrayList<>(tried);
        tried.add(member);
        member.release();
        memberEnding = null;
    }

    private boolean holdsMember() {
        return member != null && (tried.isEmpty() || tried.get(tried.size() - 1) != member);
    }

    /** Members whose attempt failed. */
    public List<Member> tried() {
        return tried;
    }

    /** The upstream's row of counters for this worker. */
    public Counters upstreamCounters() {
        return member.counters(lane.worker().index());
    }

    /** The dialling is over: the flow is established. */
    public void established() {
        // The dial may be over in the turn that began it.
        dialled = lane.worker().loop().readClock() - begun;
        upstreamCounters().add(Counter.OPENED, 1);
        lane.events().flowOpened(info, member.upstream());
    }

    /** Counts for the route, the upstream and the server. */
    public void count(Counter counter, long amount) {
        lane.count(counter, amount);
        upstreamCounters().add(counter, amount);
    }

    /** The upstream has answered. */
    public void answered() {
        member.standing().succeeded();
    }

    /** ICMP has reported that the upstream cannot be reached. */
    public void unreachable() {
        count(Counter.UNREACHABLE, 1);
        member.standing().failed(lane.worker(), Counter.UNREACHABLE.name());
    }

    /** It begins, and meets the faults that its route is under. */
    public void meetFaults() {
        lane.faults().meet(this);
    }

    boolean hasEnded() {
        return took != ALIVE;
    }

    void begin(Engagement engagement) {
        faults = new ArrayList<>(faults);
        faults.add(engagement);
        body.begin(engagement);
    }

    void end(ActiveRule rule) {
        for (Engagement engagement : faults) {
            if (engagement.rule() == rule) {
                faults = faults.stream().filter(each -> each != engagement).toList();
                body.end(engagement);
                return;
            }
        }
    }

    /** By how much faults put off the dial. */
    public long connectDelay() {
        return faults.isEmpty()
                ? 0
                : faults.stream().mapToLong(Engagement::connectDelay).sum();
    }

    public void touch() {
        lastActivity = lane.worker().now();
    }

    public long lastActivity() {
        return lastActivity;
    }

    public void endNoLaterThan(long at, CloseReason reason) {
        if (Ending.isBefore(at, ending)) {
            ending = new Ending(at, reason);
            wakeNoLaterThan(at);
        }
    }

    /** The same, unless it has another upstream by then. */
    void leaveMemberNoLaterThan(long at, CloseReason reason) {
        if (Ending.isBefore(at, memberEnding)) {
            memberEnding = new Ending(at, reason);
            wakeNoLaterThan(at);
        }
    }

    private Ending ending() {
        return memberEnding != null && Ending.isBefore(memberEnding.at(), ending) ? memberEnding : ending;
    }

    private void wakeNoLaterThan(long at) {
        if (at != Deadline.NEVER) {
            lane.worker().timers().armNoLaterThan(timer, at);
        }
    }

    /** Ends it: counts, tells, gives back its permit and its upstream. Called once, by the body. */
    public void end(CloseReason reason) {
        took = lane.worker().now() - begun;
        lane.worker().timers().cancel(timer);
        lane.remove(this);
        permit.give();
        lane.countEnd(reason);
        if (lane.events().isWanted()) {
            lane.events()
                    .flowEnded(new EndedFlow(
                            info,
                            upstream(),
                            reason,
                            lane.worker().loop().wallTime().minusNanos(took),
                            Duration.ofNanos(took),
                            Duration.ofNanos(dialled),
                            attempts,
                            body.bytesToUpstream(),
                            body.bytesToClient()));
        }
        if (holdsMember()) {
            if (reason == CloseReason.DONE) {
                answered();
            }
            member.release();
        }
    }
}
