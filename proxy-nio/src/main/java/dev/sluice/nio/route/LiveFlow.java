package dev.sluice.nio.route;

import dev.sluice.CloseReason;
import dev.sluice.Flow;
import dev.sluice.FlowInfo;
import dev.sluice.Upstream;
import java.time.Duration;

/**
 * A flow as the user sees it.
 *
 * <p>Thread: any.
 */
record LiveFlow(Life life) implements Flow {
    @Override
    public long id() {
        return life.id();
    }

    @Override
    public FlowInfo info() {
        return life.info();
    }

    @Override
    public Upstream upstream() {
        return life.upstream();
    }

    @Override
    public long bytesToUpstream() {
        return life.body().bytesToUpstream();
    }

    @Override
    public long bytesToClient() {
        return life.body().bytesToClient();
    }

    @Override
    public Duration age() {
        return life.age();
    }

    @Override
    public void close() {
        life.lane().worker().submit(life.body()::close);
    }

    @Override
    public void reset() {
        life.lane().worker().submit(() -> life.body().end(CloseReason.CLOSED_BY_USER));
    }

    @Override
    public String toString() {
        Upstream now = upstream();
        return "flow " + id() + ": " + info() + " -> " + (now == null ? "nobody" : now) + ", bytes to upstream "
                + bytesToUpstream() + ", bytes to client " + bytesToClient();
    }
}
