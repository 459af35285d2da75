package dev.sluice;

/**
 * Hears about flows as they come and go, and about upstreams. All calls come from the server's one event thread, one
 * after the other, never from a worker, so it may block; but one that is too slow loses events, which
 * {@link ServerMetrics#eventsLost()} counts. The totals in metrics never lose anything. What it throws is counted by
 * {@link ServerMetrics#listenerFailures()}, and logged the first time for each method; the next event comes all the
 * same.
 */
public interface ProxyListener {

    /**
     * An upstream was reached and relaying begins. Not called for a flow that was refused or never reached one.
     *
     * @param flow who is asking
     * @param upstream the upstream that serves the flow
     */
    default void flowOpened(FlowInfo flow, Upstream upstream) {}

    /**
     * A flow has ended or was refused; once for each flow.
     *
     * @param end its whole story
     */
    default void flowEnded(FlowEnd end) {}

    /**
     * An upstream was taken out of rotation, or came back.
     *
     * @param change what has changed, and why
     */
    default void upstreamChanged(UpstreamChange change) {}
}
