package dev.sluice.nio.upstream;

import dev.sluice.Ejection;
import dev.sluice.UpstreamHealth;
import dev.sluice.nio.worker.Worker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How a member has fared: its failures in a row, and whether that has put it out of rotation. It stays with the member
 * as long as that is at the same place.
 *
 * <p>Thread: worker for what is told, any for what is asked; ejected and readmitted under its group's health lock.
 */
public final class Standing {
    private final Group group;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean isEjected;
    private volatile int ejections;
    private int lengthenings;
    private long lasted;
    private long returned;

    Standing(Group group) {
        this.group = group;
    }

    Standing ofAnother() {
        return new Standing(group);
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
        if (failures.incrementAndGet() >= group.mostFailures() && !isEjected) {
            group.eject(this, worker, how);
        }
    }

    public UpstreamHealth health() {
        return isEjected ? UpstreamHealth.EJECTED : UpstreamHealth.HEALTHY;
    }

    boolean isEjected() {
        return isEjected;
    }

    public long ejections() {
        return ejections;
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
        return Duration.ofNanos(lasted);
    }

    /** Back in rotation; as long as it has not answered, one failure is enough to be put out again. */
    void readmit(long now, Ejection policy) {
        returned = now;
        failures.set(Math.max(0, policy.failures() - 1));
        isEjected = false;
    }
}
