package dev.sluice.examples.relay;

import java.util.HashMap;
import java.util.Map;

/** What came back through the relay, by who answered, and how much did not. */
final class Tally {
    private final Map<String, Integer> answered = new HashMap<>();
    private int lost;

    void answered(String upstream) {
        answered.merge(upstream, 1, Integer::sum);
    }

    void lost(int n) {
        lost += n;
    }

    int answeredBy(String upstream) {
        return answered.getOrDefault(upstream, 0);
    }

    int lost() {
        return lost;
    }

    /** {@return all that was sent, whatever came of it} */
    int all() {
        return lost + answered.values().stream().mapToInt(Integer::intValue).sum();
    }
}
