package dev.sluice.nio.simulation;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.HashMap;
import java.util.Map;

/** Which addresses can be reached, and which address the host under test has. */
final class Hosts {

    private static final int FIRST_CLIENT_PORT = 1024;

    private final InetAddress host4 = literal(10, 0, 0, 254);
    private final InetAddress loopback4 = literal(127, 0, 0, 1);
    private final InetAddress loopback6 = literal(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    private final InetAddress host6 = literal(0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe);
    private final InetAddress client = literal(192, 0, 2, 1);
    private final Map<InetSocketAddress, Reach> reaches = new HashMap<>();
    private int clients;

    void reach(InetSocketAddress address, Reach reach) {
        reaches.put(address, reach);
    }

    Reach reach(InetSocketAddress address) {
        return reaches.getOrDefault(address, Reach.OPEN);
    }

    /** A host of its own with a port never used before. */
    InetSocketAddress nextClient() {
        clients++;
        return new InetSocketAddress(client, FIRST_CLIENT_PORT + clients % (65_536 - FIRST_CLIENT_PORT));
    }

    /** Where a packet to the wildcard address really goes. */
    InetSocketAddress destination(InetSocketAddress to) {
        if (!to.getAddress().isAnyLocalAddress()) {
            return to;
        }
        return new InetSocketAddress(to.getAddress() instanceof Inet4Address ? loopback4 : loopback6, to.getPort());
    }

    /** The address from which the host under test reaches another. */
    InetAddress sourceFor(InetSocketAddress to) {
        boolean four = to.getAddress() instanceof Inet4Address;
        if (to.getAddress().isLoopbackAddress() || to.getAddress().isAnyLocalAddress()) {
            return four ? loopback4 : loopback6;
        }
        return four ? host4 : host6;
    }

    /** Whether what is sent to an address arrives at a bound one: a wildcard stands for the host under test only. */
    boolean leadsTo(InetSocketAddress bound, InetSocketAddress to) {
        InetAddress address = to.getAddress();
        boolean own = address.isLoopbackAddress() || address.equals(host4) || address.equals(host6);
        return overlap(bound, to) && (own || !bound.getAddress().isAnyLocalAddress());
    }

    static InetSocketAddress wildcard(ProtocolFamily family) {
        return new InetSocketAddress(
                family == StandardProtocolFamily.INET
                        ? literal(0, 0, 0, 0)
                        : literal(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                0);
    }

    /** Whether two addresses cannot be bound at once: the same port, and one address or a wildcard. */
    static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort()
                && (one.getAddress().isAnyLocalAddress()
                        || other.getAddress().isAnyLocalAddress()
                        || one.getAddress().equals(other.getAddress()));
    }

    /** What the JDK checks of every address, with its exceptions. */
    static InetSocketAddress checked(SocketAddress address, ProtocolFamily family) {
        if (!(address instanceof InetSocketAddress internet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (internet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (family == StandardProtocolFamily.INET && !(internet.getAddress() instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return internet;
    }

    private static InetAddress literal(int... numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
