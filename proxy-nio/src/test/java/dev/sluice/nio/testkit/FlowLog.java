package dev.sluice.nio.testkit;

import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.ProxyListener;
import dev.sluice.Upstream;
import java.util.ArrayList;
import java.util.List;

/** Remembers every event of a server. */
public final class FlowLog implements ProxyListener {
    private final List<Upstream> opened = new ArrayList<>();
    private final List<FlowEnd> ended = new ArrayList<>();

    @Override
    public synchronized void flowOpened(FlowInfo flow, Upstream upstream) {
        opened.add(upstream);
    }

    @Override
    public synchronized void flowEnded(FlowEnd end) {
        ended.add(end);
    }

    /** The upstreams that were reached so far, one entry a flow. */
    public synchronized List<Upstream> opened() {
        return List.copyOf(opened);
    }

    /** The flows that ended so far. */
    public synchronized List<FlowEnd> ended() {
        return List.copyOf(ended);
    }

    /** Waits for the first flow's end; that it stays the only one the test bed checks. */
    public FlowEnd awaitEnd() {
        return awaitEnds(1).get(0);
    }

    /** Waits until at least so many flows have ended. */
    public List<FlowEnd> awaitEnds(int count) {
        Await.until(count + " flows have ended", () -> ended().size() >= count);
        return ended();
    }
}
