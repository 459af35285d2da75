package dev.sluice;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * One place to send flows to, with its weight, priority and limit. Immutable. Two are equal when all of it is; an
 * update of a group matches by {@link #id()} alone.
 */
public final class Upstream {
    /** The highest weight. */
    static final int HEAVIEST = 1_000;

    private static final int DEFAULT_WEIGHT = 100;

    private final String id;
    private final HostPort target;
    private final int weight;
    private final int priority;
    private final int maxConnections;

    private Upstream(String id, HostPort target, int weight, int priority, int maxConnections) {
        this.id = id;
        this.target = target;
        this.weight = weight;
        this.priority = priority;
        this.maxConnections = maxConnections;
    }

    /**
     * Reads {@code "10.0.0.5:80"}, {@code "[::1]:80"} or {@code "db.internal:5432"}. A name is one upstream however
     * many addresses it has; it is resolved at each dial, by the server's {@link NameResolver}, and never here.
     *
     * @param hostPort a literal address or a host name, a colon, and a port from 1 to 65535
     * @return the upstream, with that text as its id
     * @throws IllegalArgumentException if the text is anything else, or the address is the wildcard, a multicast or the
     *     broadcast one; the message says what would be right
     */
    public static Upstream of(String hostPort) {
        return of(hostPort, new Check(""));
    }

    /** As {@link #of(String)}, for something that is named in the message of what is thrown. */
    static Upstream of(String hostPort, Check check) {
        return new Upstream(
                hostPort, HostPort.parse(check.given("upstream", hostPort), check.where()), DEFAULT_WEIGHT, 0, 0);
    }

    /** Wherever a flow was meant to go. */
    static Upstream originalDestination() {
        String id = "original destination";
        HostPort nowhere = new HostPort(id, 0, InetSocketAddress.createUnresolved(id, 0));
        return new Upstream(id, nowhere, DEFAULT_WEIGHT, 0, 0);
    }

    /**
     * {@return whether it stands for wherever each flow was meant to go, as with
     * {@link RouteBuilder#toOriginalDestination()}}
     */
    public boolean isOriginalDestination() {
        return target.port() == 0;
    }

    /**
     * {@return the same place under another id}
     *
     * @param id what tells it apart in its group, over updates too; not blank, no control characters
     * @throws IllegalArgumentException if the id is blank or has control characters
     */
    public Upstream id(String id) {
        Objects.requireNonNull(id, "id");
        if (id.isBlank() || id.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("upstream id " + Quoted.of(id)
                    + " is blank or has control characters; use a readable name such as \"db-1\"");
        }
        return new Upstream(id, target, weight, priority, maxConnections);
    }

    /**
     * {@return the same place with another share of the flows}
     *
     * <p>Shares are in proportion to the weights of the upstreams that are usable. Every selector made here follows
     * them but {@link UpstreamSelector#failover()}.
     *
     * @param weight 0 to 1000, by default 100; 0 makes it a lame duck, which gets no new flows and keeps those it has
     * @throws IllegalArgumentException if it is out of that range
     */
    public Upstream weight(int weight) {
        if (weight < 0 || weight > HEAVIEST) {
            throw new IllegalArgumentException("upstream " + Quoted.of(id) + ": weight " + weight
                    + " is out of range; use 0, for no new flows, to " + HEAVIEST);
        }
        return new Upstream(id, target, weight, priority, maxConnections);
    }

    /**
     * {@return the same place with another rank in {@link UpstreamSelector#failover()}}
     *
     * @param priority 0 or more; 0, the default, is tried first
     * @throws IllegalArgumentException if it is negative
     */
    public Upstream priority(int priority) {
        if (priority < 0) {
            throw new IllegalArgumentException("upstream " + Quoted.of(id) + ": priority " + priority
                    + " is negative; use 0 for what is tried first, and more for what is tried later");
        }
        return new Upstream(id, target, weight, priority, maxConnections);
    }

    /**
     * {@return the same place with another bound on what it has at once}
     *
     * <p>A group passes over an upstream that is at its bound; where all are, the flow is refused and counted. One
     * whose id leaves the group and comes back is counted anew, without the flows that have stayed from before.
     *
     * @param n most connections and sessions at once, those being dialled too, over all routes of the server that use
     *     the group; 1 or more, or 0, the default, for no bound
     * @throws IllegalArgumentException if it is negative
     */
    public Upstream maxConnections(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("upstream " + Quoted.of(id) + ": maxConnections " + n
                    + " is negative; use 1 or more, or 0 for no bound");
        }
        return new Upstream(id, target, weight, priority, n);
    }

    /** {@return what tells it apart in its group; by default the text it was made of} */
    public String id() {
        return id;
    }

    /** {@return the host name or literal address as written, IPv6 without its brackets} */
    public String host() {
        return target.host();
    }

    /** {@return the port, 1 to 65535; 0 for the {@linkplain #isOriginalDestination() original destination}} */
    public int port() {
        return target.port();
    }

    /** {@return its share of the flows, 0 to 1000; 0 for no new ones} */
    public int weight() {
        return weight;
    }

    /** {@return its rank in {@link UpstreamSelector#failover()}, 0 for what is tried first} */
    public int priority() {
        return priority;
    }

    /** {@return how many connections and sessions it may have at once; 0 for no bound} */
    public int maxConnections() {
        return maxConnections;
    }

    /** {@return where it is; unresolved if the host is a name} */
    public InetSocketAddress address() {
        return target.address();
    }

    /** Host and port as one text. */
    String place() {
        return isOriginalDestination() ? target.host() : target.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Upstream that
                && id.equals(that.id)
                && target.equals(that.target)
                && weight == that.weight
                && priority == that.priority
                && maxConnections == that.maxConnections;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, target, weight, priority, maxConnections);
    }

    /** {@return the id, followed by host and port where the id does not say them} */
    @Override
    public String toString() {
        String place = place();
        return id.equals(place) ? id : id + " (" + place + ")";
    }
}
