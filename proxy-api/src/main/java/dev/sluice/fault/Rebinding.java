package dev.sluice.fault;

import java.time.Duration;

/**
 * The upstream sees a session come from another port, as when a network address translator has forgotten it; what is
 * sent to the port before is lost. For the direction to the upstream. Where upstreams see the client's own port nothing
 * happens; a PROXY header that goes before a session's first datagram alone is not sent again.
 *
 * @param every how often, counted from the session's first datagram under the fault, and seen with a datagram alone;
 *     zero: once, with that first one
 */
public record Rebinding(Duration every) implements DatagramFault {
    /**
     * Checks the value.
     *
     * @param every see {@link #every()}
     */
    public Rebinding {
        Bounds.duration("rebinding interval", every);
    }

    /**
     * {@return the same, again each time that so much has passed}
     *
     * @param interval zero: once
     */
    public Rebinding every(Duration interval) {
        return new Rebinding(interval);
    }

    @Override
    public String toString() {
        return "rebinding" + (every.isZero() ? "" : " every " + every);
    }
}
