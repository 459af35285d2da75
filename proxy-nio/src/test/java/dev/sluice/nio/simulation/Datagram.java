package dev.sluice.nio.simulation;

import java.net.InetSocketAddress;

/** One datagram, on its way or received. The payload is not copied: nobody changes it. */
public record Datagram(InetSocketAddress from, InetSocketAddress to, byte[] payload) {}
