package dev.sluice.nio.upstream;

import dev.sluice.Upstream;
import dev.sluice.nio.observe.Counters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * One upstream of a group in a running server. Its counts outlive a change of its definition, as long as the id stays.
 *
 * <p>Thread: any.
 */
public final class Member {
    private final Upstream upstream;
    private final InetSocketAddress address;
    private final AtomicInteger active;
    private final int limit;
    private final Standing standing;
    private final List<Counters> rows;

    Member(Upstream upstream, Standing standing, int workers) {
        this(
                upstream,
                new AtomicInteger(),
                standing,
                IntStream.range(0, workers).mapToObj(i -> new Counters()).toList());
    }

    private Member(Upstream upstream, AtomicInteger active, Standing standing, List<Counters> rows) {
        this.upstream = upstream;
        InetSocketAddress written = upstream.address();
        this.address = written.isUnresolved() ? null : written;
        this.active = active;
        this.limit = upstream.maxConnections() == 0 ? Integer.MAX_VALUE : upstream.maxConnections();
        this.standing = standing;
        this.rows = rows;
    }

    /** The same member under a new definition; at another place it has another standing. */
    Member redefined(Upstream definition, Standing next) {
        return upstream.equals(definition) ? this : new Member(definition, active, next, rows);
    }

    public Upstream upstream() {
        return upstream;
    }

    /** What stays the same when the member gets a new definition, and is nobody else's. */
    public Object identity() {
        return active;
    }

    /** Where it is, or null where it has a name to be resolved. */
    public InetSocketAddress address() {
        return address;
    }

    /** False where its address is known to be of the other family. */
    boolean mayBeOfFamilyOf(InetAddress other) {
        return address == null || address.getAddress().getClass() == other.getClass();
    }

    public Standing standing() {
        return standing;
    }

    /** Flows that have this upstream, over all workers, those still dialling it too. */
    public int active() {
        return active.get();
    }

    boolean isLimited() {
        return limit < Integer.MAX_VALUE;
    }

    /** True where it may have another flow. Several that ask at once may be told so, and one of them be late. */
    boolean hasRoom() {
        return active.get() < limit;
    }

    /** Takes a place for a flow, exactly as many as there are. */
    public boolean tryAcquire() {
        return active.getAndAccumulate(limit, (now, bound) -> now < bound ? now + 1 : now) < limit;
    }

    public void release() {
        active.decrementAndGet();
    }

    public Counters counters(int worker) {
        return rows.get(worker);
    }

    public List<Counters> rows() {
        return rows;
    }
}
