package dev.sluice.nio.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The ports of the host under test, of one protocol. */
final class Ports {

    static final int NONE = -1;

    private final Chance chance;
    private final Map<Integer, Integer> holders = new HashMap<>();
    private final Set<Integer> given = new HashSet<>();
    private int first = 32_768;
    private int last = 60_999;

    Ports(Chance chance) {
        this.chance = chance;
    }

    void range(int first, int last) {
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException("not a range of ports: " + first + " to " + last);
        }
        this.first = first;
        this.last = last;
    }

    /**
     * A port that nobody holds, now held, or {@link #NONE}; one that was given before only when there is no other. A
     * late answer to a session that has ended reaches whoever has its port then, on a real host too, and a run that
     * looks for answers at the wrong client must not find that.
     */
    int holdAny() {
        if (chance.occurs(Fault.NO_PORT)) {
            return NONE;
        }
        int count = last - first + 1;
        int start = chance.below(count);
        int free = NONE;
        for (int i = 0; i < count; i++) {
            int port = first + (start + i) % count;
            if (!holders.containsKey(port)) {
                if (given.add(port)) {
                    hold(port);
                    return port;
                }
                free = port;
            }
        }
        if (free != NONE) {
            hold(free);
        }
        return free;
    }

    void hold(int port) {
        holders.merge(port, 1, Integer::sum);
    }

    void release(int port) {
        holders.computeIfPresent(port, (p, n) -> n == 1 ? null : n - 1);
    }
}
