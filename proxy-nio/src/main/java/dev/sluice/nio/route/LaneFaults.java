package dev.sluice.nio.route;

import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.fault.Engagement;
import dev.sluice.nio.loop.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules that are at work on the flows of a lane, in their order.
 *
 * <p>Thread: worker.
 */
public final class LaneFaults {
    private final Lane lane;
    /** Of rules whose time is limited. */
    private final Map<ActiveRule, Timer> ends = new HashMap<>();

    private List<ActiveRule> rules = List.of();

    LaneFaults(Lane lane) {
        this.lane = lane;
    }

    /** From here on flows that begin meet the rule; returns those that live. */
    public List<Life> begin(ActiveRule rule) {
        rules = new ArrayList<>(rules);
        rules.add(rule);
        if (rule.ends()) {
            long end = lane.worker().loop().fromClock(rule.endsAt());
            Timer timer = new Timer(() -> end(rule));
            ends.put(rule, timer);
            lane.worker().timers().arm(timer, end);
        }
        return lane.oldestFirst();
    }

    /** From here on these flows are under a rule, as far as they live here and it lasts. */
    public void begin(Map<Life, Engagement> chosen) {
        chosen.forEach((life, engagement) -> {
            if (lane.has(life) && rules.contains(engagement.rule())) {
                guard(life, () -> life.begin(engagement));
            }
        });
    }

    /** What fails is that flow's own affair: the others meet the rule, or are rid of it, all the same. */
    private static void guard(Life life, Runnable change) {
        try {
            change.run();
        } catch (Throwable e) {
            life.body().onFailure(e);
        }
    }

    /** And from here on it is not, if it was. */
    public void end(ActiveRule rule) {
        Timer timer = ends.remove(rule);
        if (timer != null) {
            lane.worker().timers().cancel(timer);
        }
        if (rules.contains(rule)) {
            rules = rules.stream().filter(each -> each != rule).toList();
            lane.oldestFirst().forEach(life -> guard(life, () -> life.end(rule)));
        }
    }

    /** A flow begins. */
    void meet(Life life) {
        for (int i = 0; i < rules.size(); i++) {
            // One that another rule has just ended meets no more.
            Engagement engagement = life.hasEnded() ? null : rules.get(i).meet(life.flow(), false, lane.counters());
            if (engagement != null) {
                life.begin(engagement);
            }
        }
    }
}
