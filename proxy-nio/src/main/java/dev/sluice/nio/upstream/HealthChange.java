package dev.sluice.nio.upstream;

import dev.sluice.Upstream;
import dev.sluice.UpstreamChange;
import dev.sluice.UpstreamHealth;
import java.time.Instant;

/**
 * One change of an upstream's health, as the user hears of it.
 *
 * <p>Thread: any.
 */
record HealthChange(String group, Upstream upstream, UpstreamHealth from, UpstreamHealth to, String reason, Instant at)
        implements UpstreamChange {
    @Override
    public String toString() {
        return "group \"" + group + "\": upstream " + upstream + " is " + to + ": " + reason;
    }
}
