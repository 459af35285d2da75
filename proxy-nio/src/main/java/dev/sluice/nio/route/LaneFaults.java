package dev.sluice.nio.route;

import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.fault.Engagement;
import dev.sluice.nio.loop.Timer;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules that are at work on the flows of a lane, in their order.
 *
 * <p>Thread: worker.
 */
public final class LaneFaults {
    private final Lane lane;
    private List<ActiveRule> rules = List.of();

    LaneFaults(Lane lane) {
        this.lane = lane;
    }

    /** From here on the rule is at work: on flows that live, the oldest first, and on those to come. */
    public void begin(ActiveRule rule) {
        rules = new ArrayList<>(rules);
        rules.add(rule);
        lane.oldestFirst().forEach(life -> meet(life, rule, true));
        if (rule.ends()) {
            long end = lane.worker().loop().fromClock(rule.endsAt());
            lane.worker().timers().arm(new Timer(() -> end(rule)), end);
        }
    }

    /** And from here on it is not, if it was. */
    public void end(ActiveRule rule) {
        if (rules.contains(rule)) {
            rules = rules.stream().filter(each -> each != rule).toList();
            lane.oldestFirst().forEach(life -> life.end(rule));
        }
    }

    /** A flow begins. */
    void meet(Life life) {
        for (int i = 0; i < rules.size(); i++) {
            meet(life, rules.get(i), false);
        }
    }

    private void meet(Life life, ActiveRule rule, boolean isLive) {
        Engagement engagement = rule.meet(life.flow(), isLive, lane.counters());
        if (engagement != null) {
            life.begin(engagement);
        }
    }
}
