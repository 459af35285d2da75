package dev.sluice.nio.fault;

import dev.sluice.fault.Reordering;
import dev.sluice.nio.loop.Deadline;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Some datagrams let others go first.
 *
 * <p>Thread: worker.
 */
final class ReorderingStage implements DatagramStage {
    /** @param behind the number of the datagram that it passes right behind */
    private record Late(HeldDatagram datagram, long behind) {}

    private final Reordering reordering;
    private final long seed;
    private final List<Late> late = new ArrayList<>();
    private long count;

    ReorderingStage(Reordering reordering, long seed) {
        this.reordering = reordering;
        this.seed = seed;
    }

    @Override
    public void take(ByteBuffer datagram, Leg on) {
        long number = count++;
        if (Chance.hits(reordering.rate(), seed, number)) {
            HeldDatagram copy =
                    on.hold(datagram, on.readClock() + reordering.longest().toNanos());
            if (copy != null) {
                late.add(new Late(copy, number + reordering.distance()));
            }
        } else {
            on.pass(datagram);
        }
        for (Iterator<Late> each = late.iterator(); each.hasNext(); ) {
            Late next = each.next();
            if (next.behind() <= number) {
                each.remove();
                on.passHeld(next.datagram());
            }
        }
    }

    @Override
    public long due() {
        return late.isEmpty() ? Deadline.NEVER : late.get(0).datagram().due();
    }

    @Override
    public void onDue(Leg on) {
        while (due() <= on.now()) {
            on.passHeld(late.remove(0).datagram());
        }
    }

    @Override
    public void pour(Leg on) {
        while (!late.isEmpty()) {
            on.passHeld(late.remove(0).datagram());
        }
    }
}
