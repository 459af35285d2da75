package dev.sluice.benchmarks.relay;

import dev.sluice.Transport;
import java.net.InetSocketAddress;

/** Starts a relay within this process. */
@FunctionalInterface
interface RelayStarter {
    /** Listens on 127.0.0.1, relays to {@code upstream} until the process ends, and returns the port. */
    int start(Transport transport, InetSocketAddress upstream) throws Exception;
}
