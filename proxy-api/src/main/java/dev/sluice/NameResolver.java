package dev.sluice;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Finds the addresses of a host name. Asked at each dial to an upstream that was given by name, and for listening
 * addresses given by name; never for a literal address.
 *
 * <p>Called on threads of its own, several at once, or for a listening address on the thread that starts or changes the
 * server; never on a worker: it may block. A cache is the resolver's affair.
 * A name that cannot be resolved fails the dial ({@link DialFailure#UNRESOLVED}), nothing else.
 */
@FunctionalInterface
public interface NameResolver {

    /**
     * Resolves one name.
     *
     * @param host the name, as written in the upstream or the route
     * @return its addresses in the order in which they are to be tried; empty counts as unresolved
     * @throws IOException if the name has no address or no answer came; what else is thrown is treated alike
     */
    List<InetAddress> resolve(String host) throws IOException;

    /** {@return the JDK's resolver, {@link InetAddress#getAllByName}, with its caches} */
    static NameResolver system() {
        return new SystemResolver();
    }
}
