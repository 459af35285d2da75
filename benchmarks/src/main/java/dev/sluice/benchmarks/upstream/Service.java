package dev.sluice.benchmarks.upstream;

/** What the upstream does for those who come to one of its ports. */
public enum Service {
    /** Sends back what it reads. */
    ECHO,
    /** Sends back what it reads first, and ends the stream. */
    ECHO_ONCE,
    /** Reads, and says nothing. */
    SINK,
    /** Sends without an end. */
    SOURCE,
    /** Sends back each datagram. */
    DATAGRAM_ECHO,
    /** Counts datagrams. */
    DATAGRAM_SINK
}
