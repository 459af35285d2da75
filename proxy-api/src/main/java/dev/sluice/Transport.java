package dev.sluice;

/** The protocol that a route relays. */
public enum Transport {
    /** Byte streams; a flow is a pair of connections. */
    TCP,
    /** Datagrams; a flow is a session between one client address and port and one upstream. */
    UDP
}
