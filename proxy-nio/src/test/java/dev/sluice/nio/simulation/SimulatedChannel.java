package dev.sluice.nio.simulation;

/** What a selector asks of a channel, as epoll does. */
interface SimulatedChannel {

    /** There is something to read, or to accept. */
    int IN = 1;
    /** There is room to write, or the connect is over. */
    int OUT = 2;
    /** An error is pending: reported whatever the interest is, unless there is none. */
    int GONE = 4;

    /** What holds now, of {@link #IN}, {@link #OUT} and {@link #GONE}. */
    int poll();

    /** Which of the interest that readiness satisfies. */
    int translate(int polled, int interest);

    /** Gives the descriptor back: the channel is closed, and no selector knows it any longer. */
    void kill();
}
