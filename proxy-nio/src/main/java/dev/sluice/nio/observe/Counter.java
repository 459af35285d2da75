package dev.sluice.nio.observe;

/**
 * What a row of {@link Counters} counts beside close reasons, dial failures and drops.
 *
 * <p>Thread: any.
 */
public enum Counter {
    /** Flows accepted, those refused since too. */
    OPENED,
    /** Bytes that the kernel has taken for an upstream. */
    BYTES_TO_UPSTREAM,
    /** Bytes that the kernel has taken for a client. */
    BYTES_TO_CLIENT,
    /** Datagrams that the kernel has taken for an upstream. */
    DATAGRAMS_TO_UPSTREAM,
    /** Datagrams that the kernel has taken for a client. */
    DATAGRAMS_TO_CLIENT,
    /** ICMP errors reported on a session. */
    UNREACHABLE,
    /** Times that accepting was paused for want of descriptors or buffers. */
    ACCEPT_PAUSES,
    /** Times that accepting waited for the accept rate. */
    ACCEPT_RATE_WAITS,
    /** Attempts that got another port than the client's, which was taken. */
    SOURCE_PORTS_CHANGED,
    /** Selections that held their worker for more than 100 ms. */
    SLOW_SELECTIONS,
    /** Callbacks of the user that threw, or answered nonsense. */
    CALLBACK_FAILURES;

    static final int COUNT = values().length;
}
