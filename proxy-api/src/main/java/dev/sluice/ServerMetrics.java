package dev.sluice;

/**
 * What a server has counted since it started, over all routes ever; a snapshot taken by {@link ProxyServer#metrics()}.
 */
public interface ServerMetrics {

    /** {@return flows begun: connections accepted and sessions opened, refused connections included} */
    long opened();

    /** {@return flows that live now} */
    long active();

    /** {@return payload bytes that the kernel has taken for upstreams} */
    long bytesToUpstream();

    /** {@return payload bytes that the kernel has taken for clients} */
    long bytesToClient();

    /** {@return datagrams relayed to upstreams} */
    long datagramsToUpstream();

    /** {@return datagrams relayed to clients} */
    long datagramsToClient();

    /** {@return events that the listener was too slow to hear} */
    long eventsLost();

    /** {@return events at which the listener threw; the first of each of its methods is logged, too} */
    long listenerFailures();

    /** {@return bytes of buffer that stalled flows hold now} */
    long bufferBytesHeld();

    /** {@return the bound on {@link #bufferBytesHeld()}} */
    long bufferBudget();

    /** {@return the number of worker threads} */
    int workers();
}
