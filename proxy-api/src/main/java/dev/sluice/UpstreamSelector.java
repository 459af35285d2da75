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
     * Picks one candidate. Asked again, with that one no longer usable, when it could not be reached.
     *
     * @param candidates the members of the group; valid during the call only
     * @param flow who is asking
     * @return the number of a usable candidate, or -1 to refuse the flow ({@link CloseReason#NO_CANDIDATE}); anything
     *     else refuses it too, as does throwing ({@link CloseReason#SELECTOR_FAILED})
     */
    int select(Candidates candidates, FlowInfo flow);

    /**
     * Gets ready for a set of members: at start, and each time the group is updated, on what it returned the time
     * before. The place to build tables, and to carry state over. Never called on a worker, and never twice at once for
     * one group.
     *
     * @param members the new set, in its order
     * @return the selector to use for it; this one if nothing depends on the set
     */
    default UpstreamSelector prepare(List<Upstream> members) {
        return this;
    }

    /**
     * {@return a selector that takes each member in turn: the default}
     *
     * <p>Exact over all workers and routes of the group: of any {@code n} first picks among {@code n} usable members
     * each gets one. A member that is not usable is passed over, its share spread over the others. A retry takes the
     * next usable one and does not advance the turn.
     */
    static UpstreamSelector roundRobin() {
        return new RoundRobin();
    }

    /** {@return a selector that takes the usable member with the fewest live flows; among equals, any} */
    static UpstreamSelector leastConnections() {
        return new LeastConnections();
    }

    /**
     * {@return a selector that takes two different usable members at random, and of those the one with fewer live
     * flows}
     */
    static UpstreamSelector twoChoices() {
        return new TwoChoices();
    }

    /** {@return a selector that takes any usable member, each as likely as the others} */
    static UpstreamSelector random() {
        return new RandomChoice();
    }

    /** {@return a selector that takes the first usable member in the group's order} */
    static UpstreamSelector failover() {
        return new Failover();
    }
}
