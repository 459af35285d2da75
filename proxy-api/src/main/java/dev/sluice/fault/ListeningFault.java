package dev.sluice.fault;

/** A fault that clients meet when they connect. */
public enum ListeningFault implements Fault {
    /**
     * Clients are refused, as if nobody listened: the port is closed, and bound again when the fault is over. Live
     * connections go on; live UDP sessions end, since they answer from that port.
     */
    REFUSE(true),
    /**
     * TCP: clients that connect get no answer, and time out. Live connections go on. The route listens with a backlog
     * that is full, which on Linux has the kernel ignore who asks; the one or two clients that come while it is being
     * filled are connected, and are served once the fault is over.
     */
    UNRESPONSIVE(true),
    /** TCP: clients are connected, and see an end of stream at once; no upstream is dialled. */
    ACCEPT_AND_CLOSE(false),
    /** TCP: clients are connected, and reset at once; no upstream is dialled. */
    ACCEPT_AND_RESET(false),
    /**
     * Clients are connected by the kernel, up to the backlog, and what they send waits there; they are served once the
     * fault is over. Live connections go on; the datagrams of all UDP clients wait, up to the receive buffer.
     */
    PAUSE_ACCEPTING(true);

    private final boolean isForAll;

    ListeningFault(boolean isForAll) {
        this.isForAll = isForAll;
    }

    /** {@return whether it meets all clients, so that a rule cannot pick some} */
    public boolean isForAll() {
        return isForAll;
    }
}
