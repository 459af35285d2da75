package dev.sluice.nio;

import dev.sluice.CloseReason;
import dev.sluice.Leaving;
import dev.sluice.Transport;
import dev.sluice.UpstreamChange;
import dev.sluice.UpstreamHealth;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Standing;
import java.util.Collection;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that an upstream's health has changed: the log, the user's listener, and the UDP sessions that are to find
 * another one. Connections stay, unless the group's check says otherwise: they may be well.
 *
 * <p>Thread: any.
 */
final class HealthReports implements Group.Observer {
    private static final Logger LOG = LoggerFactory.getLogger(HealthReports.class);

    private final Events events;
    private final Supplier<Collection<LiveRoute>> routes;

    HealthReports(Events events, Supplier<Collection<LiveRoute>> routes) {
        this.events = events;
        this.routes = routes;
    }

    @Override
    public void changed(UpstreamChange change) {
        events.upstreamChanged(change);
        if (change.to() == UpstreamHealth.HEALTHY) {
            LOG.info("{}", change);
        } else {
            LOG.warn("{}", change);
        }
    }

    @Override
    public void abandoned(Collection<Standing> failed, Leaving flows) {
        for (LiveRoute route : routes.get()) {
            boolean isUdp = route.definition().transport() == Transport.UDP;
            Leaving leaving = isUdp && flows.kind() == Leaving.Kind.KEEP ? Leaving.close() : flows;
            if (leaving.kind() != Leaving.Kind.KEEP) {
                route.submitEndOfFlowsWith(failed, leaving, CloseReason.UPSTREAM_UNHEALTHY);
            }
        }
    }
}
