package dev.sluice;

import java.time.Duration;
import java.util.List;

/**
 * Routes running in this process. Any thread may call. Its own threads are daemons: hold the process open with
 * {@link #awaitTermination()}, and have a shutdown hook call {@link #shutdown} where flows are to end in order when the
 * process is told to stop.
 *
 * <p>{@link #add}, {@link #replace} and {@link #remove} wait for the workers and throw {@link IllegalStateException} on
 * a worker, that is in a selector; {@link #shutdown} and {@link #awaitTermination} do so on any thread of the server,
 * in its listener too. After the server has been closed what it tells stays readable, and changing it throws
 * {@link IllegalStateException}.
 */
public interface ProxyServer extends AutoCloseable {

    /**
     * Starts all routes or none, with default settings. When it returns every port is bound.
     *
     * @param routes each with a name of its own; more can be added later
     * @return the running server, to be closed by the caller
     * @throws IllegalArgumentException if the routes do not go together; the message says why
     * @throws java.io.UncheckedIOException if an address cannot be bound, or host or JVM lack what a route's
     *     {@link SourceAddress} or interception needs; the message names the route, and how to mend it
     * @throws IllegalStateException if no engine is found, or more than one
     */
    static ProxyServer start(Route... routes) {
        return builder().start(routes);
    }

    /**
     * {@return server-wide settings at their defaults, to change and start; for one thread}
     *
     * @throws IllegalStateException if no engine is found, or more than one
     */
    static Builder builder() {
        return EngineFinder.find().builder();
    }

    /**
     * {@return a running route}
     *
     * @param name the route's name
     * @throws java.util.NoSuchElementException if there is none of that name; the message lists those there are
     */
    RunningRoute route(String name);

    /** {@return the running routes in the order in which they were added, a copy} */
    List<RunningRoute> routes();

    /** {@return the server's counters as they are now} */
    ServerMetrics metrics();

    /**
     * Adds a route, or changes nothing and throws.
     *
     * @param route with a name that no running route has
     * @return the running route, its ports bound
     * @throws IllegalArgumentException if the name is taken, or the route does not go with the others
     * @throws java.io.UncheckedIOException if an address cannot be bound, or host or JVM lack what the route needs
     * @throws IllegalStateException if the server is closing, or if called on a worker
     */
    RunningRoute add(Route route);

    /**
     * Puts a route in the place of the one of the same name, or changes nothing and throws. Where the address is the
     * same the socket is kept and no client is turned away. Live flows go on under the old settings.
     *
     * <p>With {@code to(route.upstreams())} the group keeps the upstreams that it has by then; with
     * {@code to("10.0.0.5:80")}, or any other group, it has those from then on.
     *
     * @param route of the same transport and with the name of a running route
     * @return the running route
     * @throws java.util.NoSuchElementException if no running route has that name
     * @throws IllegalArgumentException if the route does not go with the others
     * @throws java.io.UncheckedIOException if an address cannot be bound, or host or JVM lack what the route needs
     * @throws IllegalStateException if the server is closing, or if called on a worker
     */
    RunningRoute replace(Route route);

    /**
     * Stops a route listening, then treats its flows as told. When it returns the ports of a TCP route are free again;
     * those of a UDP route as soon as no session needs them to answer, with {@link Leaving#close()} at once.
     *
     * @param route the name of a running route
     * @param flows what happens to its live flows
     * @throws java.util.NoSuchElementException if no running route has that name
     * @throws IllegalStateException if the server is closing, or if called on a worker
     */
    void remove(String route, Leaving flows);

    /**
     * {@return a group of upstreams in this server}
     *
     * @param group its name; that of the route for a group given inline
     * @throws java.util.NoSuchElementException if there is none of that name; the message lists those there are
     */
    LiveUpstreams upstreams(String group);

    /**
     * Refuses new flows, waits for live ones to end, resets what is left at the deadline, and closes the server.
     *
     * @param deadline how long to wait at most, up to 36,500 days; zero resets all flows at once
     * @return whether all flows had ended in time; if the calling thread is interrupted the wait ends early, and its
     *     interrupt flag is kept
     * @throws IllegalArgumentException if the deadline is negative or too long
     * @throws IllegalStateException if called on a thread of the server
     */
    Shutdown shutdown(Duration deadline);

    /**
     * Waits until the server has been closed, by whomever.
     *
     * @throws InterruptedException if the calling thread is interrupted while waiting
     * @throws IllegalStateException if called on a thread of the server
     */
    void awaitTermination() throws InterruptedException;

    /**
     * Resets all flows and stops. Returns when the ports can be bound again and the server's threads are gone; on a
     * thread of the server (in a selector or listener) it only starts that and returns. Closing again does nothing
     * more.
     */
    @Override
    void close();

    /** Server-wide settings. A builder belongs to one thread. */
    interface Builder {

        /**
         * Names the server: its threads are called {@code sluice-NAME-…}.
         *
         * @param threadPrefix not empty, without whitespace and control characters. Default none: {@code sluice-…}
         * @return this builder
         * @throws IllegalArgumentException if the name is not one
         */
        Builder name(String threadPrefix);

        /**
         * Sets the number of worker threads.
         *
         * @param n 1 to 1,024; 0, the default: as many as processors up to 4, but 1 where there are fewer than 3
         * @return this builder
         * @throws IllegalArgumentException if out of range
         */
        Builder workers(int n);

        /**
         * Bounds what all routes together relay at once, connections and UDP sessions; one more connection is reset at
         * once, a datagram that would open one more session is dropped, and both are counted.
         *
         * @param n 1 or more; 0, the default: no bound but those of the routes
         * @return this builder
         * @throws IllegalArgumentException if negative
         */
        Builder maxConnections(int n);

        /**
         * Bounds the memory for bytes that stalled flows could not yet deliver. At half of it reads become smaller;
         * when it is full accepting pauses and the flow stalled longest is reset.
         *
         * @param bytes 1 MiB or more; 0, the default: the lesser of 256 MiB and a quarter of the JVM's maximum memory
         * @return this builder
         * @throws IllegalArgumentException if out of range
         */
        Builder bufferBudget(long bytes);

        /**
         * Tells flows as they come and go.
         *
         * @param l called on the server's event thread; takes the place of the one set before. Default none
         * @return this builder
         */
        Builder listener(ProxyListener l);

        /**
         * Resolves host names.
         *
         * @param r called off the workers. Default {@link NameResolver#system()}
         * @return this builder
         */
        Builder resolver(NameResolver r);

        /**
         * Starts all routes or none. When it returns every port is bound; it neither waits for nor fails on the names
         * of upstreams.
         *
         * @param routes each with a name of its own; more can be added later
         * @return the running server, to be closed by the caller
         * @throws IllegalArgumentException if two routes have the same name, two different groups do, or an upstream is
         *     an address that the server itself listens on
         * @throws java.io.UncheckedIOException if an address cannot be bound, or host or JVM lack what a route's
         *     {@link SourceAddress} or interception needs; the message names the route, and how to mend it
         */
        ProxyServer start(Route... routes);
    }
}
