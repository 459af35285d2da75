package dev.sluice;

/** What has been counted for one upstream of a group; a snapshot taken by {@link LiveUpstreams#list()}. */
public interface UpstreamMetrics {

    /** {@return the upstream} */
    Upstream upstream();

    /** {@return how it fares} */
    UpstreamHealth health();

    /** {@return why its health is what it is, in words for a log; empty if it has never changed} */
    String healthReason();

    /** {@return times that it was taken out of rotation because flows with it failed} */
    long ejections();

    /** {@return checks that it has passed; see {@link HealthCheck}} */
    long checksPassed();

    /** {@return checks that it has failed} */
    long checksFailed();

    /** {@return flows that reached it} */
    long opened();

    /** {@return flows that it serves now} */
    long active();

    /** {@return payload bytes that the kernel has taken for it} */
    long bytesToUpstream();

    /** {@return payload bytes from it that the kernel has taken for clients} */
    long bytesToClient();

    /** {@return datagrams relayed to it} */
    long datagramsToUpstream();

    /** {@return datagrams from it relayed to clients} */
    long datagramsToClient();

    /**
     * {@return attempts to reach it that failed in one way; always 0 for {@link DialFailure#LOCAL_RESOURCES}}
     *
     * @param kind the kind of failure asked for
     */
    long dialFailures(DialFailure kind);

    /** {@return times that the network reported it unreachable (ICMP) to one of its UDP sessions} */
    long unreachable();
}
