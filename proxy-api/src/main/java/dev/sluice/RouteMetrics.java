package dev.sluice;

/** What a route has counted since it was added to its server; a snapshot taken by {@link RunningRoute#metrics()}. */
public interface RouteMetrics {

    /** {@return flows begun: connections accepted or sessions opened, refused connections included} */
    long opened();

    /** {@return flows that live now} */
    long active();

    /**
     * {@return flows that ended or were refused for one reason}
     *
     * @param reason the reason asked for
     */
    long ended(CloseReason reason);

    /** {@return payload bytes that the kernel has taken for upstreams} */
    long bytesToUpstream();

    /** {@return payload bytes that the kernel has taken for clients} */
    long bytesToClient();

    /** {@return datagrams relayed to upstreams; 0 for TCP} */
    long datagramsToUpstream();

    /** {@return datagrams relayed to clients; 0 for TCP} */
    long datagramsToClient();

    /**
     * {@return attempts to reach an upstream that failed in one way}
     *
     * @param kind the kind of failure asked for
     */
    long dialFailures(DialFailure kind);

    /**
     * {@return UDP datagrams not relayed for one reason; 0 for TCP}
     *
     * @param reason the reason asked for
     */
    long drops(DropReason reason);

    /**
     * {@return how often accepting was paused because the host ran out of descriptors or the buffer budget was full}
     */
    long acceptPauses();

    /** {@return how often accepting waited because the route's accept rate was reached; 0 for UDP} */
    long acceptRateWaits();

    /**
     * {@return the smallest receive buffer that the kernel granted one of the route's UDP sockets, in bytes; 0 for TCP}
     */
    int receiveBuffer();

    /**
     * {@return attempts in which the upstream was to see the client's address with another port than the client's, that
     * one being taken}
     */
    long sourcePortsChanged();

    /** {@return selections that held up their worker for more than 100 ms} */
    long slowSelections();

    /** {@return selections in which the selector threw, or named something that is not a usable candidate} */
    long callbackFailures();
}
