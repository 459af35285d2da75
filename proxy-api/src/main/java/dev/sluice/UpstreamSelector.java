package dev.sluice;

import java.util.List;

/**
 * Picks the upstream to try for a flow. A lambda will do:
 *
 * <pre>{@code
 * UpstreamSelector local = (candidates, flow) -> candidates.first(u -> u.id().startsWith("local"));
 * Route.tcp("web").listen(8080).to(Upstreams.of(members).select(local));
 * }</pre>
 *
 * <p>Called on the workers, several at once: it must be safe for that, must not block (a blocked selector stalls every
 * flow of its worker) and must not keep the candidates. Those made here allocate nothing per pick.
 */
@FunctionalInterface
public interface UpstreamSelector {

    /**
     * Picks one candidate. Asked again, with that one no longer usable, when it could not be reached; and, when it
     * names none though none is full, with those usable too that are out of rotation.
     *
     * @param candidates the members of the group; valid during the call only
     * @param flow who is asking
     * @return the number of a usable candidate, or -1 to refuse the flow ({@link CloseReason#NO_CANDIDATE}); anything
     *     else refuses it too, as does throwing ({@link CloseReason#SELECTOR_FAILED}). Asked again, up to seven times,
     *     where the candidate is full by then or out of rotation, as it may have become in between; if that one is full
     *     every time, the reason is {@link CloseReason#LIMIT_UPSTREAM}
     */
    int select(Candidates candidates, FlowInfo flow);

    /**
     * Gets ready for a set of members: at start, and each time the group is updated, on what it returned the time
     * before. The place to build tables, and to carry state over. Never called on a worker, and never twice at once for
     * one group. A selector that asks another one passes this on to it.
     *
     * @param members the new set, in its order
     * @return the selector to use for it; this one if nothing depends on the set
     */
    default UpstreamSelector prepare(List<Upstream> members) {
        return this;
    }

    /**
     * {@return a selector that takes each member in turn, as often as its weight: the default}
     *
     * <p>Exact over all workers and routes of the group: with weights of 70 and 30, of any ten first picks while both
     * are usable seven and three are theirs, evenly mixed. A member that is not usable is passed over, its share spread
     * over the others. A retry takes the next usable one and does not advance the turn.
     */
    static UpstreamSelector roundRobin() {
        return new RoundRobin();
    }

    /**
     * {@return a selector that takes the usable member with the fewest live flows for its weight; among equals, any, as
     * likely as its weight}
     */
    static UpstreamSelector leastConnections() {
        return new LeastConnections();
    }

    /**
     * {@return a selector that takes two different usable members at random, as likely as their weights, and of those
     * the one with fewer live flows for its weight}
     */
    static UpstreamSelector twoChoices() {
        return new TwoChoices();
    }

    /** {@return a selector that takes any usable member, each as likely as its weight} */
    static UpstreamSelector random() {
        return new RandomChoice();
    }

    /**
     * {@return a selector that takes the usable member of the lowest {@link Upstream#priority()}; among equals, the
     * first in the group's order}
     */
    static UpstreamSelector failover() {
        return new Failover();
    }

    /** {@return as {@link #sourceHash(double)}, without a bound on load} */
    static UpstreamSelector sourceHash() {
        return sourceHash(0);
    }

    /**
     * {@return a selector that keeps a client's address at one member, by weighted rendezvous hashing}
     *
     * <p>Proxies with the same ids and weights agree, whatever the order of their lists and without knowing of each
     * other. A member that fails or leaves moves its own clients, and none of the others'; they return with it. A pick
     * looks at every member: up to some tens of them; for more there is {@link #maglev()}.
     *
     * @param mostLoad how many times its fair share of the live flows a member may have: a client whose member has as
     *     many goes to the next in its own order. Above 1, for example 1.25; 0 for no bound. Each proxy counts its own
     *     flows, so under a bound proxies agree only where it is not reached
     * @throws IllegalArgumentException if it is neither 0 nor a finite number above 1
     */
    static UpstreamSelector sourceHash(double mostLoad) {
        return new SourceHash(LoadBound.of(mostLoad));
    }

    /** {@return as {@link #maglev(int, double)}, with 65,537 places and no bound on load} */
    static UpstreamSelector maglev() {
        return maglev(Maglev.TABLE_SIZE, 0);
    }

    /**
     * {@return a selector that keeps a client's address at one member, by a table as in Google's Maglev}
     *
     * <p>Proxies with the same ids and weights agree, whatever the order of their lists and without knowing of each
     * other. A pick is one look into the table, however many members there are. A member that fails moves its own
     * clients only, and they return with it; one that leaves the group moves few of the others' too, as the table is
     * built anew.
     *
     * @param tableSize places in the table, a prime from 3 to 5,000,011; the more there are for each member, the more
     *     even are the shares: with a hundred they are within one percent. A place is 4 bytes
     * @param mostLoad as for {@link #sourceHash(double)}
     * @throws IllegalArgumentException if {@code tableSize} is out of range or no prime, or {@code mostLoad} is neither
     *     0 nor a finite number above 1
     */
    static UpstreamSelector maglev(int tableSize, double mostLoad) {
        return new Maglev(tableSize, LoadBound.of(mostLoad));
    }
}
