package dev.sluice;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Each address of a host name as an upstream; see {@link UpstreamSource#dns}. */
final class DnsSource implements UpstreamSource {
    private final Upstream name;
    private final Duration every;
    private final NameResolver resolver;

    DnsSource(String host, int port, Duration every, NameResolver resolver) {
        Objects.requireNonNull(host, "host");
        this.name = Upstream.of((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port);
        this.every = new Check("dns " + name + ": ").duration("every", every);
        this.resolver = resolver;
    }

    @Override
    public AutoCloseable subscribe(Consumer<Collection<Upstream>> snapshots) {
        DnsSubscription subscription = new DnsSubscription(this, snapshots);
        subscription.start();
        return subscription;
    }

    String host() {
        return name.host();
    }

    Duration every() {
        return every;
    }

    NameResolver resolver() {
        return resolver;
    }

    /** The upstream at one address; none where that is no single host's, as resolvers that block names answer. */
    Optional<Upstream> at(InetAddress address) {
        String host = address.getHostAddress();
        try {
            return Optional.of(Upstream.of((host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + name.port()));
        } catch (IllegalArgumentException notOneHost) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DnsSource that
                && name.equals(that.name)
                && every.equals(that.every)
                && resolver.equals(that.resolver);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, every, resolver);
    }

    @Override
    public String toString() {
        return "dns " + name;
    }
}
