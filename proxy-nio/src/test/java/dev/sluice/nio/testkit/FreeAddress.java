package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Addresses on IPv4 loopback that nobody has, as far as this host can tell. */
public final class FreeAddress {
    private FreeAddress() {}

    public static InetSocketAddress tcp() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(Family.IPV4.socketAddress(0));
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    public static InetSocketAddress udp() throws IOException {
        try (UdpPeer peer = UdpPeer.open(Family.IPV4)) {
            return peer.address();
        }
    }
}
