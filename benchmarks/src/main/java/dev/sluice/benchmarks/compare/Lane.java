package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.contender.Direct;
import dev.sluice.benchmarks.contender.Relay;
import dev.sluice.benchmarks.load.Load;
import dev.sluice.benchmarks.load.Target;
import java.io.IOException;

/** A contender's way to the upstream: its relay, and the clients that come to it. */
final class Lane implements AutoCloseable {
    private final String contender;
    private final Relay relay;
    private final Target target;
    private final Target direct;
    private Load kept;

    /** To the relay's port, or directly to the upstream's own. */
    Lane(String contender, Relay relay, Target target, Target direct) {
        this.contender = contender;
        this.relay = relay;
        this.target = target;
        this.direct = direct;
    }

    String contender() {
        return contender;
    }

    Relay relay() {
        return relay;
    }

    Target target() {
        return target;
    }

    Target direct() {
        return direct;
    }

    /** Whether there is a relay on the way at all. */
    boolean isRelayed() {
        return !contender.equals(Direct.NAME);
    }

    /** The same clients each time. */
    Load keep(Load.Opener opener) throws IOException {
        if (kept == null) {
            kept = opener.open(target);
        }
        return kept;
    }

    @Override
    public void close() throws IOException {
        try (relay) {
            if (kept != null) {
                kept.close();
            }
        }
    }
}
