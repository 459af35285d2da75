package dev.sluice.nio.loop;

import java.util.Arrays;

/**
 * The deadlines of one loop: a binary heap whose entries know their place in it, so that moving or cancelling one needs
 * no search.
 *
 * <p>Thread: worker.
 */
public final class Timers {
    private Timer[] heap = new Timer[64];
    private int size;

    /** Arms the timer, or moves it if it is armed already. */
    public void arm(Timer timer, long due) {
        timer.due = due;
        if (!timer.isArmed()) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, size * 2);
            }
            place(timer, size++);
        }
        siftUp(timer);
        siftDown(timer);
    }

    /** Moves the timer only if that makes it fire earlier: a later deadline is found when the earlier one fires. */
    public void armNoLaterThan(Timer timer, long due) {
        if (!timer.isArmed() || due < timer.due) {
            arm(timer, due);
        }
    }

    public void cancel(Timer timer) {
        if (!timer.isArmed()) {
            return;
        }
        int slot = timer.slot;
        timer.disarm();
        Timer last = heap[--size];
        heap[size] = null;
        if (last != timer) {
            place(last, slot);
            siftUp(last);
            siftDown(last);
        }
    }

    /** When the earliest timer is due, or {@link Deadline#NEVER}. */
    long earliest() {
        return size == 0 ? Deadline.NEVER : heap[0].due;
    }

    /** Takes one timer that is due out of the heap, or returns null. */
    Timer takeDue(long now) {
        if (earliest() > now) {
            return null;
        }
        Timer timer = heap[0];
        cancel(timer);
        return timer;
    }

    /** How many are armed. */
    public int size() {
        return size;
    }

    private void siftUp(Timer timer) {
        int slot = timer.slot;
        while (slot > 0) {
            Timer parent = heap[(slot - 1) >>> 1];
            if (parent.due <= timer.due) {
                break;
            }
            place(parent, slot);
            slot = (slot - 1) >>> 1;
        }
        place(timer, slot);
    }

    private void siftDown(Timer timer) {
        int slot = timer.slot;
        int child;
        while ((child = 2 * slot + 1) < size) {
            if (child + 1 < size && heap[child + 1].due < heap[child].due) {
                child++;
            }
            if (timer.due <= heap[child].due) {
                break;
            }
            place(heap[child], slot);
            slot = child;
        }
        place(timer, slot);
    }

    private void place(Timer timer, int slot) {
        heap[slot] = timer;
        timer.slot = slot;
    }
}
