package dev.sluice.nio.upstream;

import dev.sluice.Ejection;
import dev.sluice.UpstreamHealth;
import dev.sluice.nio.worker.Worker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How a member has fared: its failures in a row, its checks, and whether one of them has put it out of rotation. It
 * stays with the member as long as that is at the same place.
 *
 * <p>Thread: worker for what is told, any for what is asked; changed under the lock of its group's health.
 */
public final class Standing {
    /** How much of its weight it begins with, as a divisor. */
    private static final int SLOWEST = 100;

    /** When a slow start began, and how long it takes. */
    private record SlowStart(long from, long nanos) {}

    private final GroupHealth group;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile UpstreamHealth health = UpstreamHealth.HEALTHY;
    private volatile String reason = "";
    private volatile SlowStart slowStart;

    private boolean isEjected;
    private volatile long ejections;
    private int lengthenings;
    private long lasted;
    private long returned;

    private boolean failsChecks;
    private int passedInRow;
    private int failedInRow;
    private volatile long checksPassed;
    private volatile long checksFailed;

    Standing(GroupHealth group) {
        this.group = group;
    }

    /** The member has answered, or a flow with it has ended in good order. */
    public void succeeded() {
        // Read first: written again and again by every worker it would be slow, and it hardly ever is anything else.
        if (failures.get() != 0) {
            failures.set(0);
        }
    }

    /** The member has failed, in a way that is not the host's or the client's. */
    public void failed(Worker worker, String how) {
        if (failures.incrementAndGet() >= group.mostFailures() && !isOut()) {
            group.eject(this, worker, how);
        }
    }

    public UpstreamHealth health() {
        return health;
    }

    /** Why its health is what it is; empty if it has never changed. */
    public String reason() {
        return reason;
    }

    /** Out of rotation, for whatever reason. */
    boolean isOut() {
        return health != UpstreamHealth.HEALTHY;
    }

    boolean isEjected() {
        return isEjected;
    }

    public long ejections() {
        return ejections;
    }

    public long checksPassed() {
        return checksPassed;
    }

    public long checksFailed() {
        return checksFailed;
    }

    int failures() {
        return failures.get();
    }

    /** Out of rotation, for the time that is answered. */
    Duration eject(long now, Ejection policy) {
        boolean hasRecovered = ejections == 0 || now - returned >= lasted;
        lengthenings = hasRecovered ? 0 : lengthenings + 1;
        lasted = policy.first().toNanos();
        long most = policy.most().toNanos();
        for (int i = 0; i < lengthenings && lasted < most; i++) {
            lasted = Math.min(most, 2 * lasted);
        }
        ejections = ejections + 1;
        isEjected = true;
        passedInRow = 0;
        return Duration.ofNanos(lasted);
    }

    /** Back in rotation; as long as it has not answered, one failure is enough to be put out again. */
    void readmit(long now, Ejection policy) {
        returned = now;
        failures.set(Math.max(0, policy.failures() - 1));
        isEjected = false;
    }

    /** Counts a check; answers how many have gone the same way in a row. */
    int countCheck(boolean isPassed) {
        if (isPassed) {
            checksPassed = checksPassed + 1;
            failedInRow = 0;
            return ++passedInRow;
        }
        checksFailed = checksFailed + 1;
        passedInRow = 0;
        return ++failedInRow;
    }

    /** The check that was counted last was the first there ever was. */
    boolean isFirstCheck() {
        return checksPassed + checksFailed == 1;
    }

    void failChecks() {
        failsChecks = true;
    }

    /** What passes its checks is not ejected any longer either. */
    void passChecks(long now, Ejection policy) {
        failsChecks = false;
        if (isEjected) {
            readmit(now, policy);
        }
    }

    void forgetChecks() {
        failsChecks = false;
        passedInRow = 0;
        failedInRow = 0;
    }

    /** What its health is from here on. */
    UpstreamHealth settle(String why) {
        UpstreamHealth next =
                failsChecks ? UpstreamHealth.UNHEALTHY : isEjected ? UpstreamHealth.EJECTED : UpstreamHealth.HEALTHY;
        if (next != health) {
            reason = why;
            health = next;
        }
        return next;
    }

    /** From now on it has less than its weight, and all of it in the end. */
    void startSlowly(long now, Duration time) {
        slowStart = time.isZero() ? null : new SlowStart(now, time.toNanos());
    }

    /** What it has of a weight at this time. */
    int share(int weight, long now) {
        SlowStart start = slowStart;
        if (start == null || now - start.from >= start.nanos) {
            return weight;
        }
        double part = (double) Math.max(0, now - start.from) / start.nanos;
        return Math.max((weight + SLOWEST - 1) / SLOWEST, (int) (weight * part));
    }
}
