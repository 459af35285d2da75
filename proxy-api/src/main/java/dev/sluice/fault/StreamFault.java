package dev.sluice.fault;

/** A fault of one direction of a TCP route. */
public sealed interface StreamFault extends Fault
        permits Latency, Bandwidth, Slicing, Limit, HalfClose, SlowClose, Stall, BlackHole, Reset {}
