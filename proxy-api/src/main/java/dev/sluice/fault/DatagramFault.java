package dev.sluice.fault;

/** A fault of one direction of a UDP route. */
public sealed interface DatagramFault extends Fault
        permits Latency,
                Stall,
                BlackHole,
                Loss,
                PeriodicLoss,
                SelectiveLoss,
                Duplication,
                Reordering,
                Corruption,
                Truncation,
                Rebinding {}
