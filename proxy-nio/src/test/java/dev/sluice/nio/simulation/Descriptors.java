package dev.sluice.nio.simulation;

import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The descriptors that the code under test holds, and how many it may. */
final class Descriptors {

    static final String EXHAUSTED = "Too many open files";

    private final Chance chance;
    private final Set<SimulatedChannel> open = new LinkedHashSet<>();
    private int limit = Integer.MAX_VALUE;

    Descriptors(Chance chance) {
        this.chance = chance;
    }

    void limit(int limit) {
        this.limit = limit;
    }

    boolean available() {
        return open.size() < limit && !chance.occurs(Fault.NO_DESCRIPTOR);
    }

    /** Opening a channel fails otherwise than accepting one: JDK-FACTS 30. */
    void require() throws SocketException {
        if (!available()) {
            throw new SocketException(EXHAUSTED);
        }
    }

    <C extends SimulatedChannel> C add(C channel) {
        open.add(channel);
        return channel;
    }

    void remove(SimulatedChannel channel) {
        open.remove(channel);
    }

    int count() {
        return open.size();
    }

    List<String> describe() {
        List<String> lines = new ArrayList<>();
        open.forEach(channel -> lines.add("not closed: " + channel));
        return lines;
    }
}
