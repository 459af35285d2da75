package dev.sluice;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A live TCP connection or UDP session. Any thread may call; nothing blocks. Once the flow has ended its numbers stand
 * still and {@link #close()} and {@link #reset()} do nothing.
 */
public interface Flow {

    /** {@return a number that no other flow of the same server ever has} */
    long id();

    /** {@return who is asking} */
    FlowInfo info();

    /** {@return the upstream of this flow or of the dial under way; null before one is picked} */
    @Nullable
    Upstream upstream();

    /** {@return payload bytes that the kernel has taken for the upstream, so far} */
    long bytesToUpstream();

    /** {@return payload bytes that the kernel has taken for the client, so far} */
    long bytesToClient();

    /** {@return the time since the connection was accepted or the session's first datagram came} */
    Duration age();

    /**
     * Ends the flow in order: nothing more is read, and both sides see an end of stream after the bytes already read;
     * the half-closed timeout bounds that. Returns at once; the flow's worker does it. A connection that has not
     * reached its upstream yet is reset, a UDP session simply ends.
     */
    void close();

    /**
     * Ends the flow at once: both sides see a reset. Returns at once; the flow's worker does it. A UDP session simply
     * ends.
     */
    void reset();
}
