package dev.sluice;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gathers and checks a TCP route. */
final class TcpRouteBuilder implements TcpRoute.Builder {
    private static final Duration SHORTEST_KEEP_ALIVE = Duration.ofSeconds(1);
    /** Linux refuses more. */
    private static final Duration LONGEST_KEEP_ALIVE = Duration.ofSeconds(32_767);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final RouteDraft draft;
    /** Until it is set: the default, or less where all attempts together have less. */
    private @Nullable Duration connectTimeout;

    private int connectAttempts = 3;
    private Duration connectDeadline = Duration.ofSeconds(10);
    private Duration prefaceTimeout = Duration.ofSeconds(5);
    private Duration halfClosedTimeout = Duration.ofSeconds(60);
    private Duration maxDuration = Duration.ZERO;
    private double maxDurationJitter;
    private int maxConnections;
    private int maxConnectionsPerClient;
    private int acceptRate;
    private int backlog = 4096;
    private Duration keepAlive = Duration.ZERO;
    private boolean noDelay = true;

    TcpRouteBuilder(String name) {
        draft = new RouteDraft(name, Duration.ofMinutes(10));
    }

    TcpRouteBuilder(TcpRoute route) {
        draft = new RouteDraft(route);
        connectTimeout = route.connectTimeout();
        connectAttempts = route.connectAttempts();
        connectDeadline = route.connectDeadline();
        prefaceTimeout = route.prefaceTimeout();
        halfClosedTimeout = route.halfClosedTimeout();
        maxDuration = route.maxDuration();
        maxDurationJitter = route.maxDurationJitter();
        maxConnections = route.maxConnections();
        maxConnectionsPerClient = route.maxConnectionsPerClient();
        acceptRate = route.acceptRate();
        backlog = route.backlog();
        keepAlive = route.keepAlive();
        noDelay = route.noDelay();
    }

    @Override
    public TcpRoute.Builder listen(int port) {
        draft.listen(port);
        return this;
    }

    @Override
    public TcpRoute.Builder listen(String host, int port) {
        draft.listen(host, port);
        return this;
    }

    @Override
    public TcpRoute.Builder idleTimeout(Duration d) {
        draft.idleTimeout(d);
        return this;
    }

    @Override
    public TcpRoute.Builder connectTimeout(Duration attempt) {
        connectTimeout = draft.check().duration("connectTimeout", attempt);
        return this;
    }

    @Override
    public TcpRoute.Builder connectAttempts(int upstreams, Duration all) {
        int attempts = draft.check().atLeast("connectAttempts", upstreams, 1, "");
        connectDeadline = draft.check().duration("connectAttempts deadline", all);
        connectAttempts = attempts;
        return this;
    }

    @Override
    public TcpRoute.Builder prefaceTimeout(Duration fromAccept) {
        prefaceTimeout = draft.check().duration("prefaceTimeout", fromAccept);
        return this;
    }

    @Override
    public TcpRoute.Builder halfClosedTimeout(Duration d) {
        halfClosedTimeout = draft.check().duration("halfClosedTimeout", d);
        return this;
    }

    @Override
    public TcpRoute.Builder maxDuration(Duration d, double jitter) {
        if (!(jitter >= 0 && jitter <= 1)) {
            throw draft.check()
                    .wrong("maxDuration jitter " + jitter + " is out of range; use 0 to 1, the part of the duration"
                            + " that may be added");
        }
        maxDuration = draft.check().duration("maxDuration", d);
        maxDurationJitter = jitter;
        return this;
    }

    @Override
    public TcpRoute.Builder maxConnections(int n) {
        maxConnections = draft.check().atLeast("maxConnections", n, 0, ", where 0 derives it from the open-file limit");
        return this;
    }

    @Override
    public TcpRoute.Builder maxConnectionsPerClient(int n) {
        maxConnectionsPerClient = draft.check().atLeast("maxConnectionsPerClient", n, 0, ", where 0 is no limit");
        return this;
    }

    @Override
    public TcpRoute.Builder acceptRate(int perSecond) {
        acceptRate = draft.check().atLeast("acceptRate", perSecond, 0, " a second, where 0 is no limit");
        return this;
    }

    @Override
    public TcpRoute.Builder backlog(int n) {
        backlog = draft.check().atLeast("backlog", n, 1, "");
        return this;
    }

    @Override
    public TcpRoute.Builder keepAlive(Duration idle) {
        draft.check().given("keepAlive", idle);
        if (!idle.isZero() && (idle.compareTo(SHORTEST_KEEP_ALIVE) < 0 || idle.compareTo(LONGEST_KEEP_ALIVE) > 0)) {
            throw draft.check()
                    .wrong("keepAlive " + idle + " is out of range; use " + SHORTEST_KEEP_ALIVE.toSeconds() + " to "
                            + LONGEST_KEEP_ALIVE.toSeconds() + " seconds, or zero to switch it off");
        }
        keepAlive = idle;
        return this;
    }

    @Override
    public TcpRoute.Builder noDelay(boolean on) {
        noDelay = on;
        return this;
    }

    @Override
    public TcpRoute.Builder allow(Cidr... clients) {
        draft.allow(clients);
        return this;
    }

    @Override
    public TcpRoute.Builder deny(Cidr... clients) {
        draft.deny(clients);
        return this;
    }

    @Override
    public TcpRoute.Builder source(SourceAddress source) {
        draft.source(source);
        return this;
    }

    @Override
    public TcpRoute.Builder intercept() {
        draft.intercept();
        return this;
    }

    @Override
    public TcpRoute.Builder expectProxyProtocol(Cidr... trusted) {
        draft.expectProxyProtocol(trusted);
        return this;
    }

    @Override
    public TcpRoute.Builder sendProxyProtocol(@Nullable ProxyProtocol version, Tlv... added) {
        draft.sendProxyProtocol(version, added);
        return this;
    }

    @Override
    public TcpRoute.Builder faults(FaultRule... rules) {
        draft.faults(Transport.TCP, rules);
        return this;
    }

    @Override
    public TcpRoute to(String hostPort, String... more) {
        return to(draft.group(hostPort, more));
    }

    @Override
    public TcpRoute to(Upstream first, Upstream... more) {
        return to(draft.group(first, more));
    }

    @Override
    public TcpRoute to(Upstreams group) {
        boolean bounded = !connectDeadline.isZero();
        if (bounded && connectTimeout != null && connectTimeout.compareTo(connectDeadline) > 0) {
            throw draft.check()
                    .wrong("connectTimeout " + connectTimeout + " is longer than all attempts together may take, "
                            + connectDeadline + "; give those as long or longer with connectAttempts("
                            + connectAttempts + ", …)");
        }
        boolean less = bounded && connectDeadline.compareTo(CONNECT_TIMEOUT) < 0;
        return new TcpRouteDefinition(
                draft.finish(group),
                connectTimeout != null ? connectTimeout : less ? connectDeadline : CONNECT_TIMEOUT,
                connectAttempts,
                connectDeadline,
                prefaceTimeout,
                halfClosedTimeout,
                maxDuration,
                maxDurationJitter,
                maxConnections,
                maxConnectionsPerClient,
                acceptRate,
                backlog,
                keepAlive,
                noDelay);
    }

    @Override
    public TcpRoute toOriginalDestination() {
        return to(draft.originalDestination());
    }
}
