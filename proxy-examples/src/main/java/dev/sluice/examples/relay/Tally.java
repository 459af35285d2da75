package dev.sluice.examples.relay;

import java.util.Map;
import java.util.TreeMap;

/** What came back through the relay: by upstream, and what did not. Any thread. */
final class Tally {
    private final Map<String, Integer> answered = new TreeMap<>();
    private int lost;

    synchronized void answered(String upstream) {
        answered.merge(upstream, 1, Integer::sum);
    }

    synchronized void lost(int n) {
        lost += n;
    }

    synchronized int answeredBy(String upstream) {
        return answered.getOrDefault(upstream, 0);
    }

    synchronized int lost() {
        return lost;
    }
}
