package dev.sluice.benchmarks.compare;

import dev.sluice.Transport;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Unit;
import dev.sluice.benchmarks.upstream.Service;

/**
 * One kind of work of one size.
 *
 * @param workload that it belongs to
 * @param name for people
 * @param service of the upstream that it needs
 * @param main what its contenders are compared by
 * @param probe that takes the measures
 */
record Case(String workload, String name, Service service, Metric main, Probe probe) {
    Transport transport() {
        return switch (service) {
            case DATAGRAM_ECHO, DATAGRAM_SINK -> Transport.UDP;
            default -> Transport.TCP;
        };
    }

    Unit unit() {
        return probe.unit();
    }
}
