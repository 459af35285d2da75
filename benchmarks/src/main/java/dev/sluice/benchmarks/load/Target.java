package dev.sluice.benchmarks.load;

import java.net.InetSocketAddress;
import java.util.function.LongSupplier;

/**
 * Where a load goes.
 *
 * @param address of the relay, or of the upstream itself
 * @param received how many datagrams the upstream's sink has received so far
 */
public record Target(InetSocketAddress address, LongSupplier received) {}
