package dev.sluice.nio.route;

import dev.sluice.Cidr;
import dev.sluice.CloseReason;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.UdpRoute;
import dev.sluice.nio.socket.OpenFiles;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may open a flow on a route, and how many may live at once. What it refuses is counted each time, and logged once
 * for each reason until the route is replaced.
 *
 * <p>Thread: any.
 */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private record Rules(List<Cidr> allow, List<Cidr> deny, int mostFlows, int mostOfClient) {
        static Rules of(Route route) {
            return new Rules(route.allow(), route.deny(), Admission.mostFlows(route), Admission.mostOfClient(route));
        }

        boolean admit(InetAddress client) {
            return (allow.isEmpty() || isIn(allow, client)) && !isIn(deny, client);
        }
    }

    static boolean isIn(List<Cidr> blocks, InetAddress address) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private final String route;
    private final Permits ofServer;
    private final Permits ofRoute;
    private final Permit shared = this::giveShared;
    private final ClientPermits ofClients = new ClientPermits(shared);
    private final AcceptRate acceptRate;
    private final Set<CloseReason> logged = ConcurrentHashMap.newKeySet();
    private volatile Rules rules;

    public Admission(Route route, Permits ofServer) {
        this.route = route.name();
        this.ofServer = ofServer;
        this.rules = Rules.of(route);
        this.ofRoute = new Permits(rules.mostFlows());
        this.acceptRate = new AcceptRate(perSecond(route));
    }

    /** From here on these settings hold; flows that have their permit keep it. */
    public void become(Route next) {
        rules = Rules.of(next);
        ofRoute.limit(rules.mostFlows());
        acceptRate.limit(perSecond(next));
        logged.clear();
    }

    AcceptRate acceptRate() {
        return acceptRate;
    }

    /** A place on server and route, for a flow of whom no more is known; null with the reason told to the lane. */
    Permit admit(Lane lane) {
        if (!ofServer.tryTake()) {
            return lane.refuse(CloseReason.LIMIT_SERVER);
        }
        if (!ofRoute.tryTake()) {
            ofServer.give();
            return lane.refuse(CloseReason.LIMIT_ROUTE);
        }
        return shared;
    }

    /**
     * What a flow that has its place holds instead once its client is known; null with the reason told to the lane, the
     * place still being the flow's.
     */
    Permit admitClient(InetAddress client, Lane lane) {
        Rules now = rules;
        if (!now.admit(client)) {
            return lane.refuse(CloseReason.DENIED);
        }
        if (now.mostOfClient() == 0) {
            return shared;
        }
        Permit ofClient = ofClients.take(client, now.mostOfClient());
        return ofClient == null ? lane.refuse(CloseReason.LIMIT_CLIENT) : ofClient;
    }

    private void giveShared() {
        ofRoute.give();
        ofServer.give();
    }

    /** Logs the first of each kind; most are asked of often, so what to say is found out when it is to be said. */
    void onRefused(CloseReason reason, Supplier<String> detail) {
        if (logged.contains(reason)) {
            return;
        }
        String limit = limit(reason);
        String why = limit == null ? detail.get() : limit;
        if (why != null && logged.add(reason)) {
            LOG.warn("Route \"{}\": {}; a flow is refused, others will only be counted, as {}", route, why, reason);
        }
    }

    private String limit(CloseReason reason) {
        return switch (reason) {
            case LIMIT_SERVER -> "the server has as many flows as its maxConnections";
            case LIMIT_ROUTE -> "it has as many flows as it may, " + rules.mostFlows();
            case LIMIT_CLIENT -> "a client has as many flows as one may, " + rules.mostOfClient();
            case LIMIT_UPSTREAM -> "each usable upstream has as many flows as its maxConnections";
            default -> null;
        };
    }

    private static int mostFlows(Route route) {
        if (route instanceof TcpRoute tcp) {
            return tcp.maxConnections() == 0 ? OpenFiles.connections() : tcp.maxConnections();
        }
        return ((UdpRoute) route).maxSessions();
    }

    private static int mostOfClient(Route route) {
        return route instanceof TcpRoute tcp
                ? tcp.maxConnectionsPerClient()
                : ((UdpRoute) route).maxSessionsPerClient();
    }

    private static int perSecond(Route route) {
        return route instanceof TcpRoute tcp ? tcp.acceptRate() : 0;
    }
}
