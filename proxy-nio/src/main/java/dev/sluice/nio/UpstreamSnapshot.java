package dev.sluice.nio;

import dev.sluice.DialFailure;
import dev.sluice.Upstream;
import dev.sluice.UpstreamHealth;
import dev.sluice.UpstreamMetrics;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Totals;
import dev.sluice.nio.upstream.Member;
import dev.sluice.nio.upstream.Standing;
import java.util.Objects;

/**
 * An upstream's counters at one moment.
 *
 * <p>Thread: any.
 */
record UpstreamSnapshot(
        Upstream upstream,
        long active,
        UpstreamHealth health,
        String healthReason,
        long ejections,
        long checksPassed,
        long checksFailed,
        Totals totals)
        implements UpstreamMetrics {
    static UpstreamSnapshot of(Member member) {
        Standing standing = member.standing();
        return new UpstreamSnapshot(
                member.upstream(),
                member.active(),
                standing.health(),
                standing.reason(),
                standing.ejections(),
                standing.checksPassed(),
                standing.checksFailed(),
                new Totals(member.rows()));
    }

    @Override
    public long opened() {
        return totals.get(Counter.OPENED);
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
    public long unreachable() {
        return totals.get(Counter.UNREACHABLE);
    }

    @Override
    public String toString() {
        return upstream
                + (health == UpstreamHealth.HEALTHY ? ": " : ", " + health + ": ")
                + new CountsText()
                        .always("opened", opened())
                        .always("active", active)
                        .always("bytes to upstream", bytesToUpstream())
                        .always("bytes to clients", bytesToClient())
                        .ifAny("datagrams to upstream", datagramsToUpstream())
                        .ifAny("datagrams to clients", datagramsToClient())
                        .each("dials failed", DialFailure.values(), this::dialFailures)
                        .ifAny("unreachable", unreachable())
                        .ifAny("ejections", ejections)
                        .ifAny("checks passed", checksPassed)
                        .ifAny("checks failed", checksFailed);
    }
}
