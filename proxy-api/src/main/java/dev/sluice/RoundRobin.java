package dev.sluice;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Each member in turn. One counter over all workers makes it exact. */
final class RoundRobin implements UpstreamSelector {
    private final List<Upstream> members;
    private final AtomicLong turn;

    RoundRobin() {
        this(List.of(), 0);
    }

    private RoundRobin(List<Upstream> members, int next) {
        this.members = members;
        this.turn = new AtomicLong(next);
    }

    @Override
    public int select(Candidates candidates, FlowInfo flow) {
        int size = candidates.size();
        if (size == 0) {
            return -1;
        }
        if (candidates.attempt() == 0) {
            // Passing over takes a turn too: going on from the same place would give the successor of an unusable
            // member
            // two shares.
            for (int passes = 0; passes < size; passes++) {
                int i = (int) (turn.getAndIncrement() % size);
                if (candidates.usable(i)) {
                    return i;
                }
            }
            // Other workers may have taken the turns of the usable ones meanwhile; only a look at each tells that none
            // is.
        }
        return nextUsable(candidates, size);
    }

    private int nextUsable(Candidates candidates, int size) {
        int from = (int) (turn.get() % size);
        for (int i = from; i < size; i++) {
            if (candidates.usable(i)) {
                return i;
            }
        }
        for (int i = 0; i < from; i++) {
            if (candidates.usable(i)) {
                return i;
            }
        }
        return -1;
    }

    /** Goes on with the member whose turn is next; if it has left, with the first of its successors that stayed. */
    @Override
    public UpstreamSelector prepare(List<Upstream> next) {
        int size = members.size();
        int from = size == 0 ? 0 : (int) (turn.get() % size);
        for (int k = 0; k < size; k++) {
            int i = indexOf(next, members.get((from + k) % size).id());
            if (i >= 0) {
                return new RoundRobin(List.copyOf(next), i);
            }
        }
        return new RoundRobin(List.copyOf(next), 0);
    }

    private static int indexOf(List<Upstream> members, String id) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).id().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "roundRobin";
    }
}
