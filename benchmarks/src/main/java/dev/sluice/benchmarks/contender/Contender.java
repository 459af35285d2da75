package dev.sluice.benchmarks.contender;

import dev.sluice.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Someone who relays, by a process of its own. */
public interface Contender {
    /** The name in tables and on the command line. */
    String name();

    /** Whether it relays this at all. */
    boolean carries(Transport transport);

    /** Why it cannot run here and the command that mends it; empty if it can. */
    Optional<String> missing();

    /** What its program says it is, where that is not part of this one. */
    default Optional<String> version() {
        return Optional.empty();
    }

    /** Starts a relay on 127.0.0.1, and returns when it listens. */
    Relay start(Transport transport, InetSocketAddress upstream) throws IOException;
}
