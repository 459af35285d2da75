package dev.sluice;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a group does about upstreams that are not well. */
record HealthPolicy(Ejection ejection, @Nullable HealthCheck check, Duration slowStart, double panicBelow) {
    private static final int FAILURES = 3;

    static HealthPolicy usual() {
        return new HealthPolicy(Ejection.after(FAILURES), null, Duration.ZERO, 0);
    }

    HealthPolicy eject(Ejection next) {
        return new HealthPolicy(next, check, slowStart, panicBelow);
    }

    HealthPolicy check(@Nullable HealthCheck next) {
        return new HealthPolicy(ejection, next, slowStart, panicBelow);
    }

    HealthPolicy slowStart(Duration next) {
        return new HealthPolicy(ejection, check, next, panicBelow);
    }

    HealthPolicy panicBelow(double next) {
        return new HealthPolicy(ejection, check, slowStart, next);
    }
}
