package dev.sluice;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A TCP route, as its builder made it. */
record TcpRouteDefinition(
        RouteFrame frame,
        Duration connectTimeout,
        int connectAttempts,
        Duration connectDeadline,
        Duration prefaceTimeout,
        Duration halfClosedTimeout,
        Duration maxDuration,
        double maxDurationJitter,
        int maxConnections,
        int maxConnectionsPerClient,
        int acceptRate,
        int backlog,
        Duration keepAlive,
        boolean noDelay)
        implements TcpRoute {

    @Override
    public String name() {
        return frame.name();
    }

    @Override
    public Transport transport() {
        return Transport.TCP;
    }

    @Override
    public List<InetSocketAddress> listen() {
        return frame.listen();
    }

    @Override
    public Upstreams upstreams() {
        return frame.upstreams();
    }

    @Override
    public Duration idleTimeout() {
        return frame.idleTimeout();
    }

    @Override
    public List<Cidr> allow() {
        return frame.allow();
    }

    @Override
    public List<Cidr> deny() {
        return frame.deny();
    }

    @Override
    public SourceAddress source() {
        return frame.source();
    }

    @Override
    public boolean isIntercepting() {
        return frame.isIntercepting();
    }

    @Override
    public List<Cidr> trustedPeers() {
        return frame.headers().trusted();
    }

    @Override
    public @Nullable ProxyProtocol sentProxyProtocol() {
        return frame.headers().sent();
    }

    @Override
    public List<Tlv> addedTlvs() {
        return frame.headers().added();
    }

    @Override
    public List<FaultRule> faults() {
        return frame.faults();
    }

    @Override
    public Builder toBuilder() {
        return new TcpRouteBuilder(this);
    }

    @Override
    public String toString() {
        return frame.sentence(Transport.TCP);
    }
}
