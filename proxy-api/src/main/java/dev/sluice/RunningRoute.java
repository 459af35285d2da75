package dev.sluice;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A route in a running server. Any thread may call. What tells of the route does not wait, apart from {@link #flows()};
 * what changes it returns when it is changed, and throws {@link IllegalStateException} if it is called on a worker,
 * that is in a selector, or if the route was removed or the server closed.
 */
public interface RunningRoute {

    /** {@return the route's name} */
    String name();

    /** {@return the route as it was given to the server; {@link LiveUpstreams} may have moved on from its upstreams} */
    Route definition();

    /** {@return the route's counters as they are now} */
    RouteMetrics metrics();

    /**
     * {@return the first address really bound, with its real port; a wildcard if a TCP route listens on all addresses}
     */
    InetSocketAddress localAddress();

    /** {@return every address really bound, in the route's order; a UDP wildcard appears as the host's addresses} */
    List<InetSocketAddress> localAddresses();

    /** {@return the port of {@link #localAddress()}: the one picked, if the route listens on port 0} */
    int port();

    /**
     * {@return the flows that live now, a copy; flows may end or begin while it is made}
     *
     * <p>Waits until each worker has told its own. Empty after the server was closed.
     *
     * @throws IllegalStateException if called on a worker, that is in a selector
     */
    List<Flow> flows();

    /** {@return the route's faults} */
    RouteFaults faults();

    /**
     * Holds everything until {@link #resume()}: no flow is taken, and live ones carry nothing, in either direction;
     * nothing is lost. Does nothing if it is paused already. To hold less, apply {@link dev.sluice.fault.Fault#stall()}
     * or {@link dev.sluice.fault.Fault#pauseAccepting()} to {@link #faults()}.
     */
    void pause();

    /** Goes on after {@link #pause()}, while the server drains, too; does nothing if it is not paused. */
    void resume();

    /**
     * Closes the route's ports and resets its flows, as a server that is gone: clients are refused until {@link #up()}.
     * Does nothing if it is down already.
     */
    void down();

    /**
     * Binds the same ports again after {@link #down()}; does nothing if it is not down.
     *
     * @throws java.io.UncheckedIOException if one of them is taken; it is down then, and may be tried again
     */
    void up();

    /**
     * Sends flows that begin from now on to other upstreams; live ones stay with theirs. It updates the group, as
     * {@link LiveUpstreams} does with {@link Leaving#keep()}, for all routes that share it.
     *
     * @param hostPort the first upstream, as {@link Upstream#of} reads it
     * @param more the others
     * @throws IllegalArgumentException if one is no upstream, or is the route itself
     */
    void retarget(String hostPort, String... more);

    /**
     * Ends some live flows as {@link Flow#close()} does, and returns when they have been told to.
     *
     * @param which asked on the calling thread
     * @return how many
     */
    default int closeFlows(Predicate<? super Flow> which) {
        Objects.requireNonNull(which, "which");
        List<Flow> some = flows().stream().filter(which).toList();
        some.forEach(Flow::close);
        return some.size();
    }

    /**
     * Ends some live flows as {@link Flow#reset()} does, and returns when they have been told to.
     *
     * @param which asked on the calling thread
     * @return how many
     */
    default int resetFlows(Predicate<? super Flow> which) {
        Objects.requireNonNull(which, "which");
        List<Flow> some = flows().stream().filter(which).toList();
        some.forEach(Flow::reset);
        return some.size();
    }

    /**
     * Waits until the route's counters are as asked, such as {@code m -> m.opened() == 1},
     * {@code m -> m.bytesToClient() >= 1000} or {@code m -> m.active() == 0}.
     *
     * @param condition asked again and again, on the calling thread
     * @param atMost how long to wait
     * @return the counters that met it
     * @throws TimeoutException if they did not in that time, with what they were
     * @throws InterruptedException if the thread is interrupted
     */
    RouteMetrics await(Predicate<? super RouteMetrics> condition, Duration atMost)
            throws InterruptedException, TimeoutException;
}
