package dev.sluice.nio;

import dev.sluice.Upstream;
import dev.sluice.UpstreamSource;
import dev.sluice.Upstreams;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a source delivers for a group. Whoever delivers neither waits for the server nor for its lock: the last snapshot
 * is put down here, and taken over on another thread.
 *
 * <p>Thread: any; opened and closed under the server's lock.
 */
final class Feed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    private final UpstreamSource source;
    private final String group;
    private final Executor threads;
    private final Runnable takeOver;
    private final AtomicReference<List<Upstream>> latest = new AtomicReference<>();
    private AutoCloseable subscription;
    private volatile boolean isClosed;

    /** @param takeOver runs on one of the threads when there is a snapshot to be taken */
    Feed(Upstreams fed, Executor threads, Runnable takeOver) {
        this.source = fed.source();
        this.group = fed.name();
        this.threads = threads;
        this.takeOver = takeOver;
    }

    /** Subscribes for the group of a route, in whose name it complains. */
    void open(String route) {
        try {
            subscription = source.subscribe(this::deliver);
        } catch (Exception e) {
            isClosed = true;
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw refused(route, "could not be subscribed: " + e, e);
        }
        if (subscription == null) {
            isClosed = true;
            throw refused(route, "answered null where it should say how the subscription is closed", null);
        }
    }

    private IllegalStateException refused(String route, String what, Exception cause) {
        return new IllegalStateException(
                "route \"" + route + "\": the source of group \"" + group + "\", " + source + ", " + what, cause);
    }

    private void deliver(Collection<Upstream> snapshot) {
        List<Upstream> members = Upstreams.of(snapshot).members();
        if (isClosed || latest.getAndSet(members) != null) {
            return;
        }
        try {
            threads.execute(takeOver);
        } catch (RejectedExecutionException closing) {
            LOG.debug("Group \"{}\": a snapshot came when the server was closing", group);
        }
    }

    /** The last snapshot, if it was not taken before. Called under the lock, so that none overtakes a later one. */
    Optional<List<Upstream>> take() {
        return isClosed ? Optional.empty() : Optional.ofNullable(latest.getAndSet(null));
    }

    boolean isOf(UpstreamSource other) {
        return source.equals(other);
    }

    /** What goes wrong in the source's own close is its affair: the subscription has ended for us. */
    @Override
    public void close() {
        isClosed = true;
        try {
            subscription.close();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.warn("Group \"{}\": its source could not be closed", group, e);
        }
    }
}
