package dev.sluice;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The whole story of one flow, told once, when it has ended or been refused. Immutable, may be kept. */
public interface FlowEnd {

    /** {@return who was asking} */
    FlowInfo info();

    /** {@return the upstream that served the flow, or the last one tried; null if none was picked} */
    @Nullable
    Upstream upstream();

    /** {@return why it ended} */
    CloseReason reason();

    /** {@return when the connection was accepted or the session's first datagram came, by the system clock} */
    Instant started();

    /** {@return how long it took from there to its end, by a clock that never jumps} */
    Duration took();

    /** {@return how long it took from there until an upstream was reached; zero if none was} */
    Duration dialled();

    /** {@return how many upstreams were dialled; 0 if the flow was refused before} */
    int attempts();

    /** {@return payload bytes that the kernel took for the upstream} */
    long bytesToUpstream();

    /** {@return payload bytes that the kernel took for the client} */
    long bytesToClient();
}
