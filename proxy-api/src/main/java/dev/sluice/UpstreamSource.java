package dev.sluice;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Where the members of a group come from when they are not written down: a registry, a file, DNS. It delivers
 * snapshots, each the whole set, to the servers that have subscribed.
 *
 * <pre>{@code
 * Route.tcp("web").listen(8080).to(Upstreams.from(UpstreamSource.dns("web.internal", 80, Duration.ofSeconds(5))));
 * }</pre>
 *
 * <p>A server subscribes once for each group, when the first route that uses it is added, and closes the subscription
 * when the last one goes. Two routes share a group only if their sources are equal.
 */
@FunctionalInterface
public interface UpstreamSource {

    /**
     * Begins to deliver. Called on the thread that starts or changes the server, so it should soon return; a source
     * that has to wait for others does so on a thread of its own. What it delivers before it returns is there before
     * the route accepts; without that the route refuses flows until the first snapshot.
     *
     * @param snapshots takes the whole set, as {@link LiveUpstreams#update(Collection)} does: those that leave have 30
     *     seconds to end their flows. Any thread may call it; it copies, returns at once, and of several that are
     *     delivered meanwhile takes the last. It throws NullPointerException or IllegalArgumentException on a null or
     *     on two of one id. A set that the server cannot use, such as one of its own addresses, is logged, and the one
     *     before stays
     * @return what ends the subscription; closed once, on the thread that ends the group. It must not wait for the
     *     server; a set that is delivered later is ignored
     * @throws Exception if it cannot begin: the server does not start, or the change is not made
     */
    AutoCloseable subscribe(Consumer<Collection<Upstream>> snapshots) throws Exception;

    /**
     * {@return a source in which each address of a host name is an upstream of its own}
     *
     * <p>Asks the JDK's resolver, {@link NameResolver#system()}, on a thread of its own, and again and again; until the
     * first answer at least once a second. While no answer comes the last one stays. An address that is missing from
     * one answer is taken out when it is missing from the next too, since servers may answer with a part of what they
     * have. An upstream's id is its address and port.
     *
     * <p>The JDK keeps answers for 30 seconds unless the security property {@code networkaddress.cache.ttl} says
     * otherwise: asking more often than that finds nothing new.
     *
     * @param host a host name; a literal address is its own only answer
     * @param port of each upstream, 1 to 65535
     * @param every time between two questions, each up to a tenth longer or shorter at random; zero asks until there is
     *     an answer, and then no more
     * @throws IllegalArgumentException if host or port cannot be one, or {@code every} is negative or longer than
     *     36,500 days
     */
    static UpstreamSource dns(String host, int port, Duration every) {
        return new DnsSource(host, port, every, NameResolver.system());
    }
}
