package dev.sluice.nio;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.RouteMetrics;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Totals;
import java.util.Objects;

/**
 * A route's counters at one moment.
 *
 * <p>Thread: any.
 */
record RouteSnapshot(Totals totals, int receiveBuffer) implements RouteMetrics {
    @Override
    public long opened() {
        return totals.get(Counter.OPENED);
    }

    @Override
    public long active() {
        return totals.active();
    }

    @Override
    public long ended(CloseReason reason) {
        return totals.get(Objects.requireNonNull(reason, "reason"));
    }

    @Override
    public long bytesToUpstream() {
        return totals.get(Counter.BYTES_TO_UPSTREAM);
    }

    @Override
    public long bytesToClient() {
        return totals.get(Counter.BYTES_TO_CLIENT);
    }

    @Override
    public long datagramsToUpstream() {
        return totals.get(Counter.DATAGRAMS_TO_UPSTREAM);
    }

    @Override
    public long datagramsToClient() {
        return totals.get(Counter.DATAGRAMS_TO_CLIENT);
    }

    @Override
    public long dialFailures(DialFailure kind) {
        return totals.get(Objects.requireNonNull(kind, "kind"));
    }

    @Override
    public long drops(DropReason reason) {
        return totals.get(Objects.requireNonNull(reason, "reason"));
    }

    @Override
    public long acceptPauses() {
        return totals.get(Counter.ACCEPT_PAUSES);
    }

    @Override
    public long acceptRateWaits() {
        return totals.get(Counter.ACCEPT_RATE_WAITS);
    }

    @Override
    public long sourcePortsChanged() {
        return totals.get(Counter.SOURCE_PORTS_CHANGED);
    }

    @Override
    public long slowSelections() {
        return totals.get(Counter.SLOW_SELECTIONS);
    }

    @Override
    public long callbackFailures() {
        return totals.get(Counter.CALLBACK_FAILURES);
    }

    @Override
    public String toString() {
        return CountsText.of(totals)
                .each("ended", CloseReason.values(), this::ended)
                .each("dials failed", DialFailure.values(), this::dialFailures)
                .each("dropped", DropReason.values(), this::drops)
                .ifAny("accept pauses", acceptPauses())
                .ifAny("accept rate waits", acceptRateWaits())
                .ifAny("source ports changed", sourcePortsChanged())
                .ifAny("slow selections", slowSelections())
                .ifAny("callback failures", callbackFailures())
                .toString();
    }
}
