package dev.sluice.nio.loop;

/**
 * One deadline in a loop's {@link Timers}, armed and cancelled any number of times without allocation.
 *
 * <p>Thread: worker.
 */
public final class Timer {
    private static final int UNARMED = -1;

    /** What a timer calls on its loop when it is due; it may arm the timer again. */
    @FunctionalInterface
    public interface Target {
        void onDue();
    }

    private final Target target;
    long due;
    int slot = UNARMED;

    public Timer(Target target) {
        this.target = target;
    }

    public boolean isArmed() {
        return slot != UNARMED;
    }

    void disarm() {
        slot = UNARMED;
    }

    void fire() {
        target.onDue();
    }
}
