package dev.sluice.nio;

import dev.sluice.ServerMetrics;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Totals;

/**
 * A server's counters at one moment.
 *
 * <p>Thread: any.
 */
record ServerSnapshot(
        Totals totals, long eventsLost, long listenerFailures, long bufferBytesHeld, long bufferBudget, int workers)
        implements ServerMetrics {
    @Override
    public long opened() {
        return totals.get(Counter.OPENED);
    }

    @Override
    public long active() {
        return totals.active();
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
    public String toString() {
        return CountsText.of(totals)
                .ifAny("events lost", eventsLost)
                .ifAny("listener failures", listenerFailures)
                .ifAny("buffer bytes held", bufferBytesHeld)
                .toString();
    }
}
