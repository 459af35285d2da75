package dev.sluice.benchmarks.compare;

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

    /**
     * The same clients each time: a relay keeps the session of each UDP client for a while after its last datagram, and
     * new ones every round would fill its tables.
     */
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
